/**
 * Pages and images for people: reports as JSON and panels of numbers go in, HTML that holds all it shows and PNG files come out.
 */
@NullMarked
package io.trafilo.bench.report;

import org.jspecify.annotations.NullMarked;
