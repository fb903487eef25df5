package io.trafilo.dispatch;

import io.trafilo.Counter;
import io.trafilo.EngineClock;
import io.trafilo.ErrorListener.Stage;
import io.trafilo.failures.Failures;
import io.trafilo.failures.Progress;
import io.trafilo.ledger.CounterRow;
import io.trafilo.spi.BufferAccess;
import io.trafilo.spi.Intake;
import java.util.function.Consumer;

/** A listening thread's way into the engine; the common part of its two kinds. */
public abstract class ListenerIntake<B> implements Intake<B> {
    final BufferAccess<Object> access;
    final CounterRow row;
    final Failures failures;

    private final EngineClock clock;
    private final Consumer<ListenerIntake<?>> onClose;

    // Written by the listener's thread.
    private volatile boolean busy;
    private long busyReceiptNanos; // published by busy

    /** {@code onClose} must be idempotent. */
    @SuppressWarnings("unchecked") // each buffer stays together with the access made for it
    ListenerIntake(
            BufferAccess<B> access,
            EngineClock clock,
            CounterRow row,
            Failures failures,
            Consumer<ListenerIntake<?>> onClose) {
        this.access = (BufferAccess<Object>) access;
        this.clock = clock;
        this.row = row;
        this.failures = failures;
        this.onClose = onClose;
    }

    public final CounterRow row() {
        return row;
    }

    /** Whether callbacks run on the listener's own thread. */
    public abstract boolean runsToCompletion();

    /** What the listener's thread is doing, for the stall watch. */
    public abstract Progress progress();

    @Override
    public final long epochNanos() {
        return clock.epochNanos();
    }

    /** Messages received at this time wait in the listener's thread, and others perhaps in its socket. */
    final void beginBusy(long receiptNanos) {
        busyReceiptNanos = receiptNanos;
        busy = true;
    }

    final void endBusy() {
        busy = false;
    }

    final boolean isBusy() {
        return busy;
    }

    final long busyReceiptNanos() {
        return busyReceiptNanos;
    }

    final void release(B[] buffers, int from, int to) {
        int next = from;
        try {
            while (next < to) {
                B buffer = buffers[next];
                clear(buffers, next++);
                release(buffer);
            }
        } finally {
            if (next < to) { // reporting an error failed as well
                release(buffers, next, to);
            }
        }
    }

    private void release(B buffer) {
        try {
            access.release(buffer);
        } catch (Throwable error) {
            failures.reportLater(Stage.LISTENER, error); // the others must still be released
        }
    }

    @SuppressWarnings("NullAway") // this part of the array belongs to the engine by now
    static void clear(Object[] buffers, int index) {
        buffers[index] = null;
    }

    @Override
    public final void countEmpty() {
        row.increment(Counter.RECEIVED);
        row.increment(Counter.EMPTY);
    }

    @Override
    public final void countOversized() {
        row.increment(Counter.RECEIVED);
        row.increment(Counter.OVERSIZED);
    }

    @Override
    public final void countFiltered() {
        row.increment(Counter.RECEIVED);
        row.increment(Counter.FILTERED);
    }

    @Override
    public final void countKernelDropped(long count) {
        row.add(Counter.KERNEL_DROPPED, count);
    }

    @Override
    public final void kernelDropsKnown(boolean known) {
        row.setKnown(Counter.KERNEL_DROPPED, known);
    }

    @Override
    public final void close() {
        onClose.accept(this);
    }
}
