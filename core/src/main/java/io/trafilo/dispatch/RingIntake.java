package io.trafilo.dispatch;

import io.trafilo.Counter;
import io.trafilo.EngineClock;
import io.trafilo.ErrorListener.Stage;
import io.trafilo.OverloadPolicy;
import io.trafilo.failures.Failures;
import io.trafilo.failures.Progress;
import io.trafilo.ledger.CounterRow;
import io.trafilo.spi.BufferAccess;
import io.trafilo.spi.ListenerHandle;
import io.trafilo.spi.Senders;
import java.util.Objects;
import java.util.function.Consumer;
import org.agrona.concurrent.BackoffIdleStrategy;
import org.agrona.concurrent.IdleStrategy;
import org.jspecify.annotations.Nullable;

/** The intake of a listening thread that publishes into the ring, for workers to handle. */
public final class RingIntake<B> extends ListenerIntake<B> {
    private static final int SPINS = 32;
    private static final int YIELDS = 32;
    private static final long PARK_NANOS = 20_000;
    private static final long DUTY_PERIOD_NANOS = 100_000_000;

    private final MessageRing ring;
    private final OverloadPolicy policy;
    private final Runnable whileWaiting;
    private final IdleStrategy idling = new BackoffIdleStrategy(SPINS, YIELDS, PARK_NANOS, PARK_NANOS);
    private final Progress progress = new Progress();
    private long nextDutyNanos = System.nanoTime();
    private volatile boolean cutOff;

    /** See {@link ListenerHandle#whileWaiting}. {@code onClose} must be idempotent. */
    public RingIntake(
            MessageRing ring,
            BufferAccess<B> access,
            OverloadPolicy policy,
            EngineClock clock,
            CounterRow row,
            Failures failures,
            Runnable whileWaiting,
            Consumer<ListenerIntake<?>> onClose) {
        super(access, clock, row, failures, onClose);
        this.ring = ring;
        this.policy = policy;
        this.whileWaiting = whileWaiting;
    }

    @Override
    public boolean runsToCompletion() {
        return false;
    }

    @Override
    public Progress progress() {
        return progress;
    }

    @Override
    public int publish(B[] buffers, @Nullable Senders senders, int count, long receiptNanos) {
        Objects.checkFromIndexSize(0, count, buffers.length); // before a claim that would never be published
        row.add(Counter.RECEIVED, count);
        int done = 0;
        int waits = 0;
        while (done < count) {
            int published = publishSome(buffers, senders, done, count, receiptNanos);
            done += published;
            if (published == 0) {
                if (policy == OverloadPolicy.DROP_NEWEST || cutOff || ring.sealed()) {
                    break;
                }
                if (waits == 0) {
                    beginWait(receiptNanos);
                }
                idling.idle();
                if (waits < SPINS + YIELDS) {
                    waits++;
                } else { // a short wait ends sooner
                    doDuties();
                }
            } else if (waits > 0) {
                waits = 0;
                endWait();
            }
        }
        if (waits > 0) {
            endWait();
        }
        if (done < count) {
            boolean closing = cutOff || ring.sealed();
            row.add(closing ? Counter.DISCARDED_AT_CLOSE : Counter.SHED, count - done);
            release(buffers, done, count);
        }
        return done;
    }

    private int publishSome(B[] buffers, @Nullable Senders senders, int from, int to, long receiptNanos) {
        int count = Math.min(to - from, ring.capacity());
        long last = ring.tryClaim(count);
        if (last < 0) {
            count = (int) Math.min(count, ring.remainingCapacity());
            last = count <= 0 ? -1 : ring.tryClaim(count);
            if (last < 0) {
                return 0;
            }
        }
        long first = last - count + 1;
        if (ring.sealed()) {
            publishEmpty(first, last);
            return 0;
        }
        for (int i = 0; i < count; i++) {
            MessageSlot slot = ring.slot(first + i);
            slot.set(buffers[from + i], access, receiptNanos);
            if (senders != null) {
                slot.sender(senders, from + i);
            }
            clear(buffers, from + i);
        }
        row.add(Counter.PUBLISHED, count);
        ring.publish(first, last);
        return count;
    }

    private void publishEmpty(long first, long last) {
        for (long sequence = first; sequence <= last; sequence++) {
            ring.slot(sequence).clear();
        }
        ring.publish(first, last);
    }

    private void beginWait(long receiptNanos) {
        beginBusy(receiptNanos);
        progress.bindThread();
        progress.enter(Stage.LISTENER);
        idling.reset();
    }

    private void endWait() {
        progress.exit();
        endBusy();
    }

    private void doDuties() {
        long nowNanos = System.nanoTime();
        if (nowNanos - nextDutyNanos >= 0) {
            nextDutyNanos = nowNanos + DUTY_PERIOD_NANOS;
            try {
                whileWaiting.run();
            } catch (Throwable error) { // the batch still needs an outcome
                failures.reportLater(Stage.LISTENER, error);
            }
        }
    }

    @Override
    public void cutOff() {
        cutOff = true;
    }
}
