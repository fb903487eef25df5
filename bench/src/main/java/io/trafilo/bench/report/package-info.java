/**
 * Turns what load test runs saw into a page for people: samples, latencies and facts go in, {@code index.html} and the plots as
 * PNG files come out. The page holds all it shows and loads nothing.
 */
@NullMarked
package io.trafilo.bench.report;

import org.jspecify.annotations.NullMarked;
