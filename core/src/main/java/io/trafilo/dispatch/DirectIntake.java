package io.trafilo.dispatch;

import io.trafilo.EngineClock;
import io.trafilo.ledger.Counter;
import io.trafilo.ledger.CounterRow;
import io.trafilo.spi.BufferAccess;
import io.trafilo.state.ErrorReporter;
import java.util.Objects;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** A listening thread that handles what it has read itself, to completion, without a ring in between. */
public final class DirectIntake<B> extends ListenerIntake<B> {
    private final RunHandler<?> runs;
    private final MessageRing ring;
    private final EngineScope scope;
    private final int maxRun;
    private volatile boolean cutOff;

    /** The thread that may be in a callback. Guarded by this. */
    private @Nullable Thread inside;

    /** {@code onClose} must be idempotent. */
    public DirectIntake(
            WorkerPool<?> pool,
            EngineScope scope,
            BufferAccess<B> access,
            EngineClock clock,
            CounterRow row,
            ErrorReporter errors,
            Consumer<ListenerIntake<?>> onClose) {
        super(access, clock, row, errors, onClose);
        this.runs = pool.newRunHandler(row, () -> cutOff);
        this.ring = pool.ring();
        this.scope = scope;
        this.maxRun = pool.maxClaim();
    }

    @Override
    public boolean runsToCompletion() {
        return true;
    }

    @Override
    public int publish(B[] buffers, int count, long receiptNanos) {
        Objects.checkFromIndexSize(0, count, buffers.length);
        row.add(Counter.RECEIVED, count);
        int done = 0;
        if (enter()) {
            try {
                while (done < count && !cutOff && !ring.sealed()) {
                    int run = Math.min(maxRun, count - done);
                    take(buffers, done, run, receiptNanos);
                    done += run;
                    runs.handle();
                    runs.pollTimersIfDue();
                }
            } catch (Throwable error) {
                cutOff = true; // as a worker would end
                runs.countUnfinished();
                errors.fail(error);
            } finally {
                leave();
            }
        }
        if (done < count) {
            row.add(Counter.DISCARDED_AT_CLOSE, count - done);
            release(buffers, done, count);
        }
        return done;
    }

    private void take(B[] buffers, int from, int count, long receiptNanos) {
        row.add(Counter.PUBLISHED, count);
        runs.clear();
        for (int i = from; i < from + count; i++) {
            Object buffer = buffers[i];
            clear(buffers, i);
            runs.batch.take(buffer, access, receiptNanos);
        }
    }

    private synchronized boolean enter() {
        if (cutOff) {
            return false;
        }
        scope.enter();
        inside = Thread.currentThread();
        return true;
    }

    private synchronized void leave() {
        inside = null;
        scope.leave();
        if (cutOff) {
            boolean unused = Thread.interrupted(); // meant for a callback
        }
    }

    /** Makes this give up what it has not begun, and interrupts a callback that it is in. */
    @Override
    public synchronized void cutOff() {
        cutOff = true;
        if (inside != null) {
            inside.interrupt();
        }
    }
}
