package io.trafilo.state;

import io.trafilo.Key;
import io.trafilo.WindowView;
import io.trafilo.ledger.LossHistory;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** The window being emitted. One per thread, reset for each emission. */
final class WindowFlyweight implements WindowView {
    private final LossHistory losses;
    private @Nullable Key key;
    private long count;
    private long sizeNanos;
    private long endNanos;
    private long oldestNanos;
    private long newestNanos;
    private long total;
    private boolean truncated;
    private long clockNanos;

    WindowFlyweight(LossHistory losses) {
        this.losses = losses;
    }

    /** {@code clockNanos} is the engine's time, which differs from {@code endNanos} on the time basis EVENT. */
    void wrap(KeyState<?> entry, long sizeNanos, long endNanos, long clockNanos, boolean truncated) {
        this.key = entry.key;
        this.total = entry.total();
        this.sizeNanos = sizeNanos;
        this.endNanos = endNanos;
        this.clockNanos = clockNanos;
        this.truncated = truncated;
    }

    void content(long count, long oldestNanos, long newestNanos) {
        this.count = count;
        this.oldestNanos = oldestNanos;
        this.newestNanos = newestNanos;
    }

    @Nullable
    Key wrappedKey() {
        return key;
    }

    @Override
    public Key key() {
        return Objects.requireNonNull(key);
    }

    @Override
    public long count() {
        return count;
    }

    @Override
    public long startNanos() {
        return endNanos - sizeNanos;
    }

    @Override
    public long endNanos() {
        return endNanos;
    }

    @Override
    public long oldestNanos() {
        return oldestNanos;
    }

    @Override
    public long newestNanos() {
        return newestNanos;
    }

    @Override
    public long total() {
        return total;
    }

    @Override
    public boolean isTruncated() {
        return truncated;
    }

    @Override
    public long lossDuringWindow() {
        return losses.since(clockNanos - sizeNanos);
    }

    @Override
    public boolean isLossKnown() {
        return losses.isKnownSince(clockNanos - sizeNanos);
    }
}
