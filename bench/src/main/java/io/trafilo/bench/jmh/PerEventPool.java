package io.trafilo.bench.jmh;

import com.lmax.disruptor.AlertException;
import com.lmax.disruptor.InsufficientCapacityException;
import com.lmax.disruptor.RingBuffer;
import com.lmax.disruptor.Sequence;
import com.lmax.disruptor.SequenceBarrier;
import com.lmax.disruptor.TimeoutException;
import com.lmax.disruptor.YieldingWaitStrategy;
import io.trafilo.Counter;
import io.trafilo.EventDetails;
import io.trafilo.EventParser;
import io.trafilo.ledger.CounterRow;
import io.trafilo.ledger.LedgerBook;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * The baseline: a worker pool on Disruptor's ring that claims one message with each compare-and-set, by the rules of the pool
 * that Disruptor had up to version 3. It does no more than it must: workers yield while there is nothing, parse messages where
 * they lie in the ring, and count them.
 */
final class PerEventPool implements MessagePool {
    /*
     * All workers share `claimed`. A worker moves its own sequence up to just below what it is about to claim, which says that
     * it is done with what it had, then claims, then waits until the claimed message is there. How far the ring is published
     * it asks only when what it knows of does not reach. The ring's gating sequences are those of the workers and `claimed`.
     */

    private final RingBuffer<Slot> ring;
    private final SequenceBarrier barrier;
    private final Sequence claimed = new Sequence();
    private final LedgerBook book = new LedgerBook();
    private final EventParser parser;
    private final List<Thread> threads = new ArrayList<>();

    /** A message in the ring. */
    private static final class Slot {
        byte[] bytes = new byte[0];
        int length;
    }

    PerEventPool(int workers, int capacity, EventParser parser) {
        this.parser = parser;
        ring = RingBuffer.createMultiProducer(Slot::new, capacity, new YieldingWaitStrategy());
        barrier = ring.newBarrier();
        ring.addGatingSequences(claimed);
        for (int i = 0; i < workers; i++) {
            Worker worker = new Worker(book.openRow());
            ring.addGatingSequences(worker.done);
            threads.add(new Thread(worker, "bench-worker-" + i));
        }
        threads.forEach(Thread::start);
    }

    @Override
    public boolean offer(byte[] message) {
        if (!ring.hasAvailableCapacity(1)) {
            return false;
        }
        long sequence;
        try {
            sequence = ring.tryNext();
        } catch (InsufficientCapacityException full) { // taken by another since
            return false;
        }
        Slot slot = ring.get(sequence);
        if (slot.bytes.length < message.length) {
            slot.bytes = new byte[message.length];
        }
        System.arraycopy(message, 0, slot.bytes, 0, message.length);
        slot.length = message.length;
        book.shared().addShared(Counter.OFFERED, 1);
        ring.publish(sequence);
        return true;
    }

    @Override
    public long parsed() {
        return book.sum(Counter.MALFORMED);
    }

    @Override
    public void close() {
        barrier.alert();
        try {
            for (Thread thread : threads) {
                thread.join(TimeUnit.SECONDS.toMillis(10));
                if (thread.isAlive()) {
                    throw new IllegalStateException(thread.getName() + " does not end");
                }
            }
        } catch (InterruptedException hurried) {
            Thread.currentThread().interrupt();
        }
    }

    private final class Worker extends KeylessCollector implements Runnable {
        /** All at or below it that this worker has claimed is handled. */
        final Sequence done = new Sequence();

        private final CounterRow row;

        Worker(CounterRow row) {
            this.row = row;
        }

        @Override
        public void run() {
            long available = -1;
            try {
                while (true) {
                    long sequence = claim();
                    while (available < sequence) {
                        available = barrier.waitFor(sequence);
                    }
                    handle(ring.get(sequence));
                }
            } catch (AlertException closed) {
                // with a sequence claimed that nothing was published to
            } catch (InterruptedException | TimeoutException never) {
                throw new IllegalStateException("nobody interrupts, and the wait has no end", never);
            }
        }

        private long claim() {
            while (true) {
                long last = claimed.get();
                done.set(last);
                if (claimed.compareAndSet(last, last + 1)) {
                    return last + 1;
                }
            }
        }

        private void handle(Slot slot) {
            parser.parse(slot.bytes, 0, slot.length, this);
        }

        @Override
        public EventDetails event(int keyOffset, int keyLength, int payloadOffset, int payloadLength) {
            row.increment(Counter.PARSED);
            return this;
        }

        @Override
        public void reject() {
            row.increment(Counter.MALFORMED);
        }
    }
}
