package io.trafilo.dispatch;

import io.trafilo.EngineClock;
import io.trafilo.ErrorListener.Stage;
import io.trafilo.OverloadPolicy;
import io.trafilo.ledger.Counter;
import io.trafilo.ledger.CounterRow;
import io.trafilo.spi.BufferAccess;
import io.trafilo.spi.Intake;
import io.trafilo.state.ErrorReporter;
import java.util.Objects;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;

/** A listening thread's way into the ring. */
public final class RingIntake<B> implements Intake<B> {
    private static final int SPINS = 32;
    private static final int YIELDS = 32;
    private static final long PARK_NANOS = 20_000;

    private final MessageRing ring;
    private final BufferAccess<Object> access;
    private final OverloadPolicy policy;
    private final EngineClock clock;
    private final CounterRow row;
    private final ErrorReporter errors;
    private final Consumer<RingIntake<?>> onClose;
    private volatile boolean cutOff;

    /** {@code onClose} must be idempotent. */
    @SuppressWarnings("unchecked") // a slot gets each buffer together with the access made for it
    public RingIntake(
            MessageRing ring,
            BufferAccess<B> access,
            OverloadPolicy policy,
            EngineClock clock,
            CounterRow row,
            ErrorReporter errors,
            Consumer<RingIntake<?>> onClose) {
        this.ring = ring;
        this.access = (BufferAccess<Object>) access;
        this.policy = policy;
        this.clock = clock;
        this.row = row;
        this.errors = errors;
        this.onClose = onClose;
    }

    public CounterRow row() {
        return row;
    }

    @Override
    public long nanoTime() {
        return clock.nanoTime();
    }

    @Override
    public int publish(B[] buffers, int count, long receiptNanos) {
        Objects.checkFromIndexSize(0, count, buffers.length); // before a claim that would never be published
        row.add(Counter.RECEIVED, count);
        int done = 0;
        int waits = 0;
        while (done < count) {
            int published = publishSome(buffers, done, count, receiptNanos);
            done += published;
            if (published == 0) {
                if (policy == OverloadPolicy.DROP_NEWEST || cutOff || ring.sealed()) {
                    break;
                }
                waitForRoom(waits);
                waits = Math.min(waits + 1, SPINS + YIELDS);
            } else {
                waits = 0;
            }
        }
        if (done < count) {
            boolean closing = cutOff || ring.sealed();
            row.add(closing ? Counter.DISCARDED_AT_CLOSE : Counter.SHED, count - done);
            release(buffers, done, count);
        }
        return done;
    }

    private int publishSome(B[] buffers, int from, int to, long receiptNanos) {
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
            callOff(first, last);
            return 0;
        }
        for (int i = 0; i < count; i++) {
            ring.slot(first + i).hold(buffers[from + i], access, receiptNanos);
            clear(buffers, from + i);
        }
        row.add(Counter.PUBLISHED, count);
        ring.publish(first, last);
        return count;
    }

    private void callOff(long first, long last) {
        for (long sequence = first; sequence <= last; sequence++) {
            ring.slot(sequence).callOff();
        }
        ring.publish(first, last);
    }

    private void release(B[] buffers, int from, int to) {
        for (int i = from; i < to; i++) {
            try {
                access.release(buffers[i]);
            } catch (Throwable error) {
                errors.report(Stage.LISTENER, null, error); // the others are to be released all the same
            }
            clear(buffers, i);
        }
    }

    @SuppressWarnings("NullAway") // the part of the array that is the engine's own by now
    private static void clear(Object[] buffers, int index) {
        buffers[index] = null;
    }

    private static void waitForRoom(int waits) {
        if (waits < SPINS) {
            Thread.onSpinWait();
        } else if (waits < SPINS + YIELDS) {
            Thread.yield();
        } else {
            LockSupport.parkNanos(PARK_NANOS);
        }
    }

    @Override
    public void countEmpty() {
        row.increment(Counter.RECEIVED);
        row.increment(Counter.EMPTY);
    }

    @Override
    public void countOversized() {
        row.increment(Counter.RECEIVED);
        row.increment(Counter.OVERSIZED);
    }

    @Override
    public void countFiltered() {
        row.increment(Counter.RECEIVED);
        row.increment(Counter.FILTERED);
    }

    @Override
    public void countKernelDropped(long count) {
        row.add(Counter.KERNEL_DROPPED, count);
    }

    @Override
    public void cutOff() {
        cutOff = true;
    }

    @Override
    public void close() {
        onClose.accept(this);
    }
}
