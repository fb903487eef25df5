package io.trafilo;

import java.time.Instant;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A window to keep: the values of a {@link WindowView}, which explains each one. Immutable. Two results are equal if all
 * their values are.
 */
public final class WindowResult {
    private static final long NANOS_PER_SECOND = 1_000_000_000;

    private final Key key;
    private final long count;
    private final long startNanos;
    private final long endNanos;
    private final long oldestNanos;
    private final long newestNanos;
    private final long total;
    private final boolean truncated;
    private final long lossDuringWindow;
    private final boolean lossKnown;

    WindowResult(WindowView window) {
        this.key = window.key();
        this.count = window.count();
        this.startNanos = window.startNanos();
        this.endNanos = window.endNanos();
        this.oldestNanos = window.oldestNanos();
        this.newestNanos = window.newestNanos();
        this.total = window.total();
        this.truncated = window.isTruncated();
        this.lossDuringWindow = window.lossDuringWindow();
        this.lossKnown = window.isLossKnown();
    }

    /** {@return the key} */
    public Key key() {
        return key;
    }

    /** {@return the number of events in the window} */
    public long count() {
        return count;
    }

    /** {@return the nominal start in nanoseconds since the epoch} */
    public long startNanos() {
        return startNanos;
    }

    /** {@return the nominal end in nanoseconds since the epoch} */
    public long endNanos() {
        return endNanos;
    }

    /** {@return the oldest retained timestamp in nanoseconds since the epoch} */
    public long oldestNanos() {
        return oldestNanos;
    }

    /** {@return the newest retained timestamp in nanoseconds since the epoch} */
    public long newestNanos() {
        return newestNanos;
    }

    /** {@return the nominal start} */
    public Instant start() {
        return instant(startNanos);
    }

    /** {@return the nominal end} */
    public Instant end() {
        return instant(endNanos);
    }

    /** {@return the oldest retained timestamp} */
    public Instant oldest() {
        return instant(oldestNanos);
    }

    /** {@return the newest retained timestamp} */
    public Instant newest() {
        return instant(newestNanos);
    }

    /** {@return the number of events of the key since its state was created} */
    public long total() {
        return total;
    }

    /** {@return whether the count is a lower bound} */
    public boolean isTruncated() {
        return truncated;
    }

    /** {@return how many messages were lost while the window was open} */
    public long lossDuringWindow() {
        return lossDuringWindow;
    }

    /** {@return whether that is all that was lost, not a lower bound} */
    public boolean isLossKnown() {
        return lossKnown;
    }

    private static Instant instant(long epochNanos) {
        return Instant.ofEpochSecond(
                Math.floorDiv(epochNanos, NANOS_PER_SECOND), Math.floorMod(epochNanos, NANOS_PER_SECOND));
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof WindowResult that
                && key.equals(that.key)
                && count == that.count
                && startNanos == that.startNanos
                && endNanos == that.endNanos
                && oldestNanos == that.oldestNanos
                && newestNanos == that.newestNanos
                && total == that.total
                && truncated == that.truncated
                && lossDuringWindow == that.lossDuringWindow
                && lossKnown == that.lossKnown;
    }

    @Override
    public int hashCode() {
        return Objects.hash(key, count, startNanos, endNanos, oldestNanos, newestNanos, total);
    }

    @Override
    public String toString() {
        return "WindowResult[key " + Key.printable(key.toString()) + ", count " + count + ", " + start() + " to "
                + end() + ", total " + total
                + (truncated ? ", truncated" : "")
                + (lossDuringWindow == 0 ? "" : ", " + lossDuringWindow + " messages lost")
                + (lossKnown ? "" : ", losses in the kernel unknown") + "]";
    }
}
