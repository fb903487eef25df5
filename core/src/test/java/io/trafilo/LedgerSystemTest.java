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
                batch[i] = new TestBuffer(ChaosService.message(random, clock.nanoTime()), fault);
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
                threads.add(new Thread(() -> emit(engine, clock, random, messagesPerThread), "test-emitter-" + i));
            }
            threads.forEach(Thread::start);
        }

        private void emit(Trafilo<?> engine, EngineClock clock, SplittableRandom random, int messages) {
            byte[] padded = new byte[300];
            for (int i = 0; i < messages; i++) {
                byte[] message = ChaosService.message(random, clock.nanoTime());
                int offset = random.nextInt(padded.length - message.length);
                System.arraycopy(message, 0, padded, offset, message.length);
                int tries = 20;
                while (tries > 0 && !engine.emit(padded, offset, message.length)) {
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
            {"received", ledger.received(), listener.sent.get()},
            {"published", ledger.published(), listener.published.get()},
            {"shed", ledger.shed(), listener.sent.get() - listener.published.get()},
            {"discarded", ledger.discardedAtClose(), 0L},
            {"released", listener.access.released.get(), listener.sent.get()},
            {"emitted", ledger.emitted(), emitters.accepted.get()},
            {"emitRefused", ledger.emitRefused(), emitters.refused.get()},
            {"parsed", ledger.parsed(), service.parsedWithEvents.sum()},
            {"malformed", ledger.malformed(), service.parsedWithout.sum()},
            {"parseFailed", ledger.parseFailed(), service.parserThrew.sum() + listener.access.unreadable.get()},
            {"abandoned", ledger.abandoned(), 0L},
            {"rejected", ledger.rejected(), service.rejected.sum()},
            {"events", ledger.events(), service.events.sum()},
            {"handled", ledger.handled(), service.handled.sum()},
            {"handlerFailed", ledger.handlerFailed(), service.handlerThrew.sum()},
            {"late", ledger.late(), service.late.sum()},
            {"skewed", ledger.skewed(), service.ahead.sum()},
            {
                "timestampsAdded",
                ledger.timestampsAdded(),
                service.handled.sum() + service.handlerThrew.sum() - service.late.sum()
            },
            {"delivered", ledger.delivered(), service.sinkTook.sum()},
            {"sinkFailed", ledger.sinkFailed(), service.sinkThrew.sum()},
            {"keysCreated", ledger.keysCreated(), service.created.sum()},
            {"keysDisposed", ledger.keysDisposed(), service.created.sum()},
            {"disposed", service.disposed.sum(), service.created.sum()},
            {"factoryFailed", ledger.factoryFailed(), service.factoryFailed.sum()},
            {"disposerFailed", ledger.disposerFailed(), service.disposerThrew.sum()},
            {"errorListenerFailed", ledger.errorListenerFailed(), service.errorListenerThrew.sum()},
            {"liveKeys", ledger.liveKeys(), 0L},
            {"liveTimestamps", ledger.liveTimestamps(), 0L},
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
        assertThat(ledger.parseFailed()).isPositive();
        assertThat(ledger.malformed()).isPositive();
        assertThat(ledger.rejected()).isPositive();
        assertThat(ledger.keyRefused()).isGreaterThanOrEqualTo(ledger.factoryFailed());
        assertThat(ledger.factoryFailed()).isPositive();
        assertThat(ledger.handlerFailed()).isPositive();
        assertThat(ledger.sinkFailed()).isPositive();
        assertThat(ledger.late()).isPositive();
        assertThat(ledger.skewed()).isPositive();
        assertThat(ledger.expired() + ledger.truncated()).isPositive();
    }
}
