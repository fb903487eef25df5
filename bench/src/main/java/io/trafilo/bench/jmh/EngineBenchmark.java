package io.trafilo.bench.jmh;

import io.trafilo.Counter;
import io.trafilo.Trafilo;
import io.trafilo.bench.KeySequence;
import io.trafilo.bench.plain.PlainEngine;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * The engine without a network, and the baseline written with the JDK alone: from {@code emit} to the handler, a window of 5 s. An
 * operation is a message of 64 bytes: emitted, parsed, handled, its key's window moved and emitted when due. An invocation emits a
 * batch, yielding while the ring is full, and waits until all of it is handled. Time is the clock's, so the windows are full after
 * 5 s of warm-up. The baseline takes a copy of each message, which is how it is given one. Left out: network.
 */
@State(Scope.Thread)
@Fork(
        value = 2,
        jvmArgsAppend = {"-Xms4g", "-Xmx4g"})
@Warmup(iterations = 4, time = 2)
@Measurement(iterations = 5, time = 2)
public class EngineBenchmark extends OperationsPerSecond {
    private static final int BATCH = 100_000;
    private static final int MESSAGE_BYTES = 64;

    private static final int CAPACITY = 4096;

    private static final Duration WINDOW = Duration.ofSeconds(5);
    private static final Duration SLIDE = Duration.ofSeconds(1);

    /** Which engine. */
    @Param({"trafilo", "plain"})
    public String engine = "trafilo";

    /** How many workers. */
    @Param({"1", "2"})
    public int workers = 1;

    /** How many different keys. */
    @Param("10000")
    public int keys = 1;

    /** How many timestamps the engine may keep; enough for a window at 20 million events a second. */
    @Param("100000000")
    public long maxRetained = 1;

    private byte[][] messages;
    private KeySequence sequence;
    private Subject subject;
    private long emitted;

    /** What is measured. */
    private interface Subject {
        /** Yields while there is no room. */
        void offer(byte[] message);

        /** Whether all of so many messages are handled. */
        boolean handled(long emitted);

        /** Ends it and tells whether it lost nothing. */
        boolean close();
    }

    /** The state of a key. */
    private static final class Counts {
        long events;
        long windowCount;
    }

    /** The engine. */
    private static final class TrafiloSubject implements Subject {
        private final Trafilo<Counts> engine;

        TrafiloSubject(int workers, int keys, long maxRetained) {
            engine = Trafilo.<Counts>builder()
                    .state(key -> new Counts())
                    .handler((event, counts) -> counts.events++)
                    .sink((window, counts) -> counts.windowCount = window.count())
                    .window(WINDOW)
                    .slide(SLIDE)
                    .ringCapacity(CAPACITY)
                    .maxKeys(keys)
                    .maxRetainedEvents(maxRetained)
                    .workers(workers)
                    .build();
            engine.start();
        }

        @Override
        public void offer(byte[] message) {
            while (!engine.offer(message, 0, message.length)) {
                Thread.yield();
            }
        }

        @Override
        public boolean handled(long emitted) {
            return engine.ringFill() == 0
                    && engine.ledger().count(Counter.HANDLED) == emitted; // a ledger is made for who asks
        }

        @Override
        public boolean close() {
            engine.close();
            return engine.ledger().isConserved() && engine.ledger().count(Counter.TRUNCATED) == 0;
        }
    }

    /** The baseline. */
    private static final class PlainSubject implements Subject {
        private final PlainEngine engine;
        private volatile long windowCount;

        PlainSubject(int workers) {
            engine = new PlainEngine(
                    workers,
                    CAPACITY,
                    WINDOW,
                    SLIDE,
                    System::nanoTime,
                    (message, payloadOffset, receiptNanos) -> {},
                    (key, events, count, oldest, newest) -> windowCount = count);
        }

        @Override
        public void offer(byte[] message) {
            byte[] copy = message.clone();
            while (!engine.offer(copy)) {
                Thread.yield();
            }
        }

        @Override
        public boolean handled(long emitted) {
            return engine.handled() == emitted;
        }

        @Override
        public boolean close() {
            engine.close();
            return windowCount > 0 && engine.failed() == 0 && engine.malformed() == 0 && engine.unfinished() == 0;
        }
    }

    /** Makes the messages and starts the engine. */
    @Setup
    public void setUp() {
        messages = new byte[keys][];
        for (int key = 0; key < keys; key++) {
            byte[] message = new byte[MESSAGE_BYTES];
            Arrays.fill(message, (byte) 'x');
            byte[] prefix = ("svc" + key + " ").getBytes(StandardCharsets.US_ASCII);
            System.arraycopy(prefix, 0, message, 0, prefix.length);
            messages[key] = message;
        }
        sequence = KeySequence.uniform(keys, 1);
        subject = engine.equals("plain") ? new PlainSubject(workers) : new TrafiloSubject(workers, keys, maxRetained);
    }

    /** Closes the engine, whose sums must hold. */
    @TearDown
    public void tearDown() {
        if (!subject.close() || !subject.handled(emitted)) {
            throw new IllegalStateException(
                    "of " + emitted + " messages some were not handled, or timestamps went early");
        }
    }

    /** A batch, emitted and handled. */
    @Benchmark
    @OperationsPerInvocation(BATCH)
    public long emitToHandled() {
        for (int i = 0; i < BATCH; i++) {
            subject.offer(messages[sequence.next()]);
        }
        emitted += BATCH;
        Expect.await(() -> subject.handled(emitted));
        return emitted;
    }
}
