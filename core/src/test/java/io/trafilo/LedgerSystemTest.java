package io.trafilo;

import static org.assertj.core.api.Assertions.assertThat;

import io.trafilo.TestBuffer.Fault;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicLongArray;
import org.assertj.core.api.SoftAssertions;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Everything fails that can, and still every message, event, timestamp and window is accounted for. */
@Timeout(value = 60, unit = TimeUnit.SECONDS)
class LedgerSystemTest {
    private static final int EMITTERS = 2;
    private static final int LISTENER_THREADS = 2;
    private static final int MAX_BATCH = 24;

    /** What is in the way of the messages. */
    enum Load {
        NORMAL(1024, 0, 6_000),
        RING_ALWAYS_FULL(2, 0, 4_000),
        SLOW_HANDLER(64, 20_000, 3_000);

        final int ringCapacity;
        final long handlerParkNanos;
        final int messagesPerThread;

        Load(int ringCapacity, long handlerParkNanos, int messagesPerThread) {
            this.ringCapacity = ringCapacity;
            this.handlerParkNanos = handlerParkNanos;
            this.messagesPerThread = messagesPerThread;
        }
    }

    static List<Arguments> runs() {
        List<Arguments> runs = new ArrayList<>();
        for (int workers : new int[] {1, 2, 8}) {
            for (OverloadPolicy policy : OverloadPolicy.values()) {
                for (Load load : Load.values()) {
                    runs.add(Arguments.of(workers, policy, load));
                }
            }
        }
        return runs;
    }

    @ParameterizedTest
    @MethodSource("runs")
    void shouldAccountForEverythingWhenEverythingFails(int workers, OverloadPolicy policy, Load load)
            throws InterruptedException {
        long seed = System.nanoTime();
        System.out.println("LedgerSystemTest " + workers + " " + policy + " " + load + ": seed " + seed);
        EngineClock clock = EngineClock.anchored();
        ChaosService service = new ChaosService(load.handlerParkNanos);
        Trafilo<ChaosService.State> engine = service.builder()
                .clock(clock)
                .workers(workers)
                .overloadPolicy(policy)
                .ringCapacity(load.ringCapacity)
                .shards(8)
                .window(Duration.ofNanos(ChaosService.WINDOW_NANOS))
                .slide(Duration.ofMillis(2))
                .idleTimeout(Duration.ofMillis(30))
                .maxKeys(ChaosService.KEYS * 3 / 4)
                .maxRetainedEvents(500)
                .build();
        engine.start();
        Emitters emitters = new Emitters(engine, clock, seed, load.messagesPerThread);
        TestListener listener = listener(engine, clock, seed, load.messagesPerThread);
        emitters.awaitEnd();
        listener.awaitEnd();
        engine.close();

        check(engine.ledger(), service, emitters, listener);
        assertThat(engine.failure()).isEmpty();
    }

    private static TestListener listener(Trafilo<?> engine, EngineClock clock, long seed, int messagesPerThread) {
        SplittableRandom[] randoms = new SplittableRandom[LISTENER_THREADS];
        AtomicLongArray left = new AtomicLongArray(LISTENER_THREADS);
        for (int i = 0; i < LISTENER_THREADS; i++) {
            randoms[i] = new SplittableRandom(seed + 1000 + i);
            left.set(i, messagesPerThread);
        }
        return new TestListener(engine, LISTENER_THREADS, thread -> {
            SplittableRandom random = randoms[thread];
            int size = (int) Math.min(left.get(thread), random.nextInt(1, MAX_BATCH + 1));
            if (size == 0) {
                return null;
            }
            left.addAndGet(thread, -size);
            TestBuffer[] batch = new TestBuffer[size];
            for (int i = 0; i < size; i++) {
                Fault fault = ChaosService.oneIn(random, 30) ? Fault.values()[random.nextInt(1, 4)] : Fault.NONE;
                batch[i] = new TestBuffer(ChaosService.message(random, clock.epochNanos()), fault);
            }
            return batch;
        });
    }

    /** Threads that put messages in by hand, trying each a few times. */
    private static final class Emitters {
        final AtomicLong accepted = new AtomicLong();
        final AtomicLong refused = new AtomicLong();
        private final List<Thread> threads = new ArrayList<>();

        Emitters(Trafilo<?> engine, EngineClock clock, long seed, int messagesPerThread) {
            for (int i = 0; i < EMITTERS; i++) {
                SplittableRandom random = new SplittableRandom(seed + i);
                threads.add(new Thread(() -> offer(engine, clock, random, messagesPerThread), "test-emitter-" + i));
            }
            threads.forEach(Thread::start);
        }

        private void offer(Trafilo<?> engine, EngineClock clock, SplittableRandom random, int messages) {
            byte[] padded = new byte[300];
            for (int i = 0; i < messages; i++) {
                byte[] message = ChaosService.message(random, clock.epochNanos());
                int offset = random.nextInt(padded.length - message.length);
                System.arraycopy(message, 0, padded, offset, message.length);
                int tries = 20;
                while (tries > 0 && !engine.offer(padded, offset, message.length)) {
                    refused.incrementAndGet();
                    tries--;
                    Thread.yield();
                }
                if (tries > 0) {
                    accepted.incrementAndGet();
                }
            }
        }

        void awaitEnd() throws InterruptedException {
            for (Thread thread : threads) {
                thread.join();
            }
        }
    }

    private static void check(Ledger ledger, ChaosService service, Emitters emitters, TestListener listener) {
        assertThat(ledger.imbalances()).as("%s", ledger).isEmpty();
        assertThat(listener.failure.get()).isNull();
        assertThat(listener.access.breaches).isEmpty();
        SoftAssertions softly = new SoftAssertions();
        Object[][] pairs = {
            {"received", ledger.count(Counter.RECEIVED), listener.sent.get()},
            {"published", ledger.count(Counter.PUBLISHED), listener.published.get()},
            {"shed", ledger.count(Counter.SHED), listener.sent.get() - listener.published.get()},
            {"discarded", ledger.count(Counter.DISCARDED_AT_CLOSE), 0L},
            {"released", listener.access.released.get(), listener.sent.get()},
            {"emitted", ledger.count(Counter.OFFERED), emitters.accepted.get()},
            {"emitRefused", ledger.count(Counter.OFFER_REFUSED), emitters.refused.get()},
            {"parsed", ledger.count(Counter.PARSED), service.parsedWithEvents.sum()},
            {"malformed", ledger.count(Counter.MALFORMED), service.parsedWithout.sum()},
            {
                "parseFailed",
                ledger.count(Counter.PARSE_FAILED),
                service.parserThrew.sum() + listener.access.unreadable.get()
            },
            {"abandoned", ledger.count(Counter.ABANDONED), 0L},
            {"rejected", ledger.count(Counter.REJECTED), service.rejected.sum()},
            {"events", ledger.count(Counter.EVENTS), service.events.sum()},
            {"handled", ledger.count(Counter.HANDLED), service.handled.sum()},
            {"handlerFailed", ledger.count(Counter.HANDLER_FAILED), service.handlerThrew.sum()},
            {"late", ledger.count(Counter.LATE), service.late.sum()},
            {"skewed", ledger.count(Counter.SKEWED), service.ahead.sum()},
            {
                "timestampsAdded",
                ledger.count(Counter.TIMESTAMPS_ADDED),
                service.handled.sum() + service.handlerThrew.sum() - service.late.sum()
            },
            {"delivered", ledger.count(Counter.DELIVERED), service.sinkTook.sum()},
            {"sinkFailed", ledger.count(Counter.SINK_FAILED), service.sinkThrew.sum()},
            {"keysCreated", ledger.count(Counter.KEYS_CREATED), service.created.sum()},
            {"keysDisposed", ledger.count(Counter.KEYS_DISPOSED), service.created.sum()},
            {"disposed", service.disposed.sum(), service.created.sum()},
            {"factoryFailed", ledger.count(Counter.FACTORY_FAILED), service.factoryFailed.sum()},
            {"disposerFailed", ledger.count(Counter.DISPOSER_FAILED), service.disposerThrew.sum()},
            {"errorListenerFailed", ledger.count(Counter.ERROR_LISTENER_FAILED), service.errorListenerThrew.sum()},
            {"liveKeys", ledger.count(Counter.LIVE_KEYS), 0L},
            {"liveTimestamps", ledger.count(Counter.LIVE_TIMESTAMPS), 0L},
            {"breaches", service.breaches.sum(), 0L},
        };
        for (Object[] pair : pairs) {
            softly.assertThat(pair[1]).as("%s in %s", pair[0], ledger).isEqualTo(pair[2]);
        }
        softly.assertAll();
        checkThatMuchHappened(ledger);
    }

    /** Against a test that proves nothing because what it provokes did not happen. */
    private static void checkThatMuchHappened(Ledger ledger) {
        assertThat(ledger.count(Counter.PARSE_FAILED)).isPositive();
        assertThat(ledger.count(Counter.MALFORMED)).isPositive();
        assertThat(ledger.count(Counter.REJECTED)).isPositive();
        assertThat(ledger.count(Counter.KEY_REFUSED)).isGreaterThanOrEqualTo(ledger.count(Counter.FACTORY_FAILED));
        assertThat(ledger.count(Counter.FACTORY_FAILED)).isPositive();
        assertThat(ledger.count(Counter.HANDLER_FAILED)).isPositive();
        assertThat(ledger.count(Counter.SINK_FAILED)).isPositive();
        assertThat(ledger.count(Counter.LATE)).isPositive();
        assertThat(ledger.count(Counter.SKEWED)).isPositive();
        assertThat(ledger.count(Counter.EXPIRED) + ledger.count(Counter.TRUNCATED))
                .isPositive();
    }
}
