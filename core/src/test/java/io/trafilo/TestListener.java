package io.trafilo;

import io.trafilo.spi.Intake;
import io.trafilo.spi.ListenerHandle;
import io.trafilo.spi.ListenerHost;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;

/** A listener without a network: its threads publish batches from a source until that ends or the engine closes. */
final class TestListener implements ListenerHandle {
    /** Gives the next batch of one thread, or null at the end. Must be thread-safe. */
    @FunctionalInterface
    interface Source {
        TestBuffer[] next(int thread);
    }

    final TestBufferAccess access = new TestBufferAccess();
    final AtomicLong sent = new AtomicLong();
    final AtomicLong published = new AtomicLong();
    final AtomicReference<Throwable> failure = new AtomicReference<>();

    private final Source source;
    private final List<Intake<TestBuffer>> intakes = new ArrayList<>();
    private final List<Thread> threads = new ArrayList<>();
    private volatile boolean stopping;
    private volatile boolean closed;

    TestListener(Trafilo<?> engine, int threadCount, Source source) {
        this.source = source;
        for (int i = 0; i < threadCount; i++) {
            Intake<TestBuffer> intake = ListenerHost.of(engine).openIntake(access, this);
            int thread = i;
            intakes.add(intake);
            threads.add(new Thread(() -> listen(thread, intake), "test-listener-" + i));
        }
        threads.forEach(Thread::start);
    }

    private void listen(int thread, Intake<TestBuffer> intake) {
        try (intake) {
            TestBuffer[] batch = stopping ? null : source.next(thread);
            while (batch != null) {
                sent.addAndGet(batch.length);
                published.addAndGet(intake.publish(batch, batch.length, intake.epochNanos()));
                for (TestBuffer left : batch) {
                    if (left != null) {
                        access.breaches.add("reference left in the array");
                    }
                }
                batch = stopping ? null : source.next(thread);
            }
        } catch (Throwable error) {
            failure.compareAndSet(null, error);
        }
    }

    /** Waits until the source has ended. */
    void awaitEnd() throws InterruptedException {
        for (Thread thread : threads) {
            thread.join();
        }
    }

    @Override
    public void close(Duration timeout) {
        stopping = true;
        long deadlineNanos = System.nanoTime() + timeout.toNanos();
        try {
            for (Thread thread : threads) {
                long leftNanos = Math.max(1, deadlineNanos - System.nanoTime());
                TimeUnit.NANOSECONDS.timedJoin(thread, leftNanos);
            }
            intakes.forEach(Intake::cutOff);
            awaitEnd();
            closed = true;
        } catch (InterruptedException e) { // the engine does not wait any longer
            Thread.currentThread().interrupt();
        }
    }

    /** Whether it has come to its end; if not, the engine may not have heard of all that was sent. */
    boolean isClosed() {
        return closed;
    }
}
