package io.trafilo.dispatch;

import io.trafilo.Counter;
import io.trafilo.EngineClock;
import io.trafilo.failures.EngineThreads;
import io.trafilo.failures.Failures;
import io.trafilo.failures.Progress;
import io.trafilo.ledger.CounterRow;
import io.trafilo.spi.BufferAccess;
import io.trafilo.spi.Senders;
import java.util.Objects;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** The intake of a listening thread that handles what it reads itself, without the ring. */
public final class DirectIntake<B> extends ListenerIntake<B> {
    private final RunHandler<?> runs;
    private final MessageRing ring;
    private final EngineThreads threads;
    private final int maxRun;
    private volatile boolean cutOff;

    /** The thread that may be in a callback. Guarded by this. */
    private @Nullable Thread inside;

    /** {@code onClose} must be idempotent. */
    public DirectIntake(
            WorkerPool<?> pool,
            EngineThreads threads,
            BufferAccess<B> access,
            EngineClock clock,
            CounterRow row,
            Failures failures,
            Consumer<ListenerIntake<?>> onClose) {
        super(access, clock, row, failures, onClose);
        this.runs = pool.newRunHandler(row, () -> cutOff);
        this.ring = pool.ring();
        this.threads = threads;
        this.maxRun = pool.maxClaim();
    }

    @Override
    public boolean runsToCompletion() {
        return true;
    }

    @Override
    public Progress progress() {
        return runs.progress();
    }

    @Override
    public int publish(B[] buffers, @Nullable Senders senders, int count, long receiptNanos) {
        Objects.checkFromIndexSize(0, count, buffers.length);
        row.add(Counter.RECEIVED, count);
        int done = 0;
        boolean failed = true;
        try {
            if (enter()) {
                beginBusy(receiptNanos);
                try {
                    while (done < count && !cutOff && !ring.sealed()) {
                        int from = done;
                        done = Math.min(count, from + maxRun);
                        handle(buffers, senders, from, done, receiptNanos);
                    }
                } finally {
                    endBusy();
                    leave();
                }
            }
            failed = false;
        } finally {
            if (done < count) {
                discardRest(buffers, done, count, failed);
            }
        }
        return done;
    }

    private void discardRest(B[] buffers, int from, int to, boolean failed) {
        if (failed) { // messages not begun share the fate of those begun
            row.add(Counter.PUBLISHED, to - from);
            row.add(Counter.ABANDONED, to - from);
        } else {
            row.add(Counter.DISCARDED_AT_CLOSE, to - from);
        }
        release(buffers, from, to);
    }

    private void handle(B[] buffers, @Nullable Senders senders, int from, int to, long receiptNanos) {
        row.add(Counter.PUBLISHED, to - from);
        runs.clear();
        int next = from;
        try {
            while (next < to) {
                Object buffer = buffers[next];
                clear(buffers, next++);
                runs.batch.take(buffer, access, senders, next - 1, receiptNanos);
            }
            runs.handle();
            long nowNanos = epochNanos();
            if (runs.timersDue(nowNanos)) {
                runs.pollTimers(nowNanos);
            }
        } catch (Throwable error) { // as on a worker
            row.add(Counter.ABANDONED, to - next);
            try {
                runs.countUnfinished();
                if (!failures.reportOwn(error)) { // another thread may cut this off during a long error listener
                    cutOff = true;
                }
            } finally {
                release(buffers, next, to);
            }
        }
    }

    private synchronized boolean enter() {
        if (cutOff) {
            return false;
        }
        threads.enter();
        inside = Thread.currentThread();
        runs.progress().bindThread();
        return true;
    }

    private synchronized void leave() {
        inside = null;
        threads.leave();
        if (cutOff) {
            boolean unused = Thread.interrupted(); // it was meant for a callback
        }
    }

    /** Discards what is not begun, and interrupts a running callback. */
    @Override
    public synchronized void cutOff() {
        cutOff = true;
        if (inside != null) {
            inside.interrupt();
        }
    }
}
