package io.trafilo.window;

import org.jspecify.annotations.Nullable;

/** Receives values that a {@link TimestampStore} retains and that lie side by side. */
@FunctionalInterface
public interface ValueSpan {
    /**
     * Receives the values of consecutive timestamps, {@code values[from]} to {@code values[to - 1]}. Must not change them, nor
     * keep the arrays.
     *
     * @param values NaN for an event without a value
     * @param weights their weights, at the same indices; null if each of them is 1
     */
    void accept(double[] values, double @Nullable [] weights, int from, int to);
}
