/**
 * The counters: one row per writing thread, summed when they are read. Increments flow in from every package; sums flow out
 * to {@link io.trafilo.Ledger}. Uses no other package of the engine.
 */
@NullMarked
package io.trafilo.ledger;

import org.jspecify.annotations.NullMarked;
