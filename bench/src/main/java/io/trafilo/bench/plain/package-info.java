/**
 * What a good engineer writes with the JDK alone: the baseline that the engine is compared with. In flow messages, out flow
 * windows, under the same slide rule as the engine's, without its bounds on keys and timestamps, its ledger and its timers.
 */
@NullMarked
package io.trafilo.bench.plain;

import org.jspecify.annotations.NullMarked;
