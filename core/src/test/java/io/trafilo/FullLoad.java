package io.trafilo;

import static org.assertj.core.api.Assertions.assertThat;

import io.trafilo.TestBuffer.Fault;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.awaitility.Awaitility;

/** Two threads that emit and two that publish, as fast as they can until the engine closes. */
final class FullLoad {
    static final int KEYS = 64;
    private static final int EMITTERS = 2;
    private static final int LISTENER_THREADS = 2;
    private static final int BATCH = 16;

    private static final byte[][] MESSAGES = new byte[KEYS][];

    static {
        for (int i = 0; i < KEYS; i++) {
            MESSAGES[i] = ("key" + i + " payload").getBytes(StandardCharsets.UTF_8);
        }
    }

    final AtomicLong accepted = new AtomicLong();
    final TestListener listener;

    private final Trafilo<?> engine;
    private final List<Thread> emitters = new ArrayList<>();
    private volatile boolean stopped;

    /** On an engine that runs. {@code everyFaulty}: one in so many buffers fails in one of three ways, 0 for none. */
    FullLoad(Trafilo<?> engine, int everyFaulty) {
        this.engine = engine;
        for (int i = 0; i < EMITTERS; i++) {
            emitters.add(new Thread(this::offer, "test-emitter-" + i));
        }
        long[] made = new long[LISTENER_THREADS];
        listener = new TestListener(engine, LISTENER_THREADS, thread -> {
            TestBuffer[] batch = new TestBuffer[BATCH];
            for (int i = 0; i < BATCH; i++) {
                long n = made[thread]++;
                Fault fault = everyFaulty > 0 && n % everyFaulty == 0 ? Fault.values()[1 + (int) (n % 3)] : Fault.NONE;
                batch[i] = new TestBuffer(MESSAGES[(int) (n % KEYS)], fault);
            }
            return batch;
        });
        emitters.forEach(Thread::start);
    }

    FullLoad(Trafilo<?> engine) {
        this(engine, 0);
    }

    static byte[] message(int key) {
        return MESSAGES[key];
    }

    private void offer() {
        int next = 0;
        while (!stopped) {
            byte[] message = MESSAGES[next++ % KEYS];
            if (engine.offer(message, 0, message.length)) {
                accepted.incrementAndGet();
            } else if (!engine.isRunning()) {
                break;
            } else {
                Thread.yield();
            }
        }
    }

    void awaitUnderWay() {
        Awaitility.await()
                .pollInterval(Duration.ofMillis(2))
                .until(() -> accepted.get() > 100 && listener.sent.get() > 100);
    }

    void awaitRingFull() {
        Awaitility.await()
                .pollInterval(Duration.ofMillis(2))
                .until(() -> engine.ringFill() >= engine.settings().ringCapacity());
    }

    void awaitEnd() throws InterruptedException {
        stopped = true;
        for (Thread emitter : emitters) {
            emitter.join();
        }
        listener.awaitEnd();
    }

    /** After the close: what was sent is what the ledger says was sent, its sums close, and no buffer leaked. */
    void check() throws InterruptedException {
        boolean listenerClosed = listener.isClosed();
        Ledger ledger = engine.ledger();
        awaitEnd();
        assertThat(ledger.imbalances()).as("%s", ledger).isEmpty();
        assertThat(ledger.count(Counter.OFFERED)).as("emitted in %s", ledger).isEqualTo(accepted.get());
        assertThat(ledger.count(Counter.PUBLISHED))
                .as("published in %s", ledger)
                .isEqualTo(listener.published.get());
        if (listenerClosed) {
            assertThat(ledger.count(Counter.RECEIVED))
                    .as("received in %s", ledger)
                    .isEqualTo(listener.sent.get());
        } else {
            assertThat(ledger.count(Counter.RECEIVED))
                    .as("received in %s", ledger)
                    .isLessThanOrEqualTo(listener.sent.get());
        }
        assertThat(listener.failure.get()).isNull();
        assertThat(listener.access.breaches).isEmpty();
        Awaitility.await().until(() -> listener.access.released.get() == listener.sent.get());
        assertThat(engine.isRunning()).isFalse();
        assertThat(engine.offer(MESSAGES[0], 0, MESSAGES[0].length)).isFalse();
        assertThat(engine.ledger().asMap()).as("final").isEqualTo(ledger.asMap());
    }
}
