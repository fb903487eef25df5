package io.trafilo.bench.jmh;

import io.trafilo.Trafilo;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/**
 * The engine without a network: from {@code emit} to the handler, messages of 64 bytes, 10,000 keys. An operation is a message;
 * an invocation emits a batch and waits until all of it is handled.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
public class EngineBenchmark {
    private static final int BATCH = 100_000;
    private static final int KEYS = 10_000;
    private static final int MESSAGE_BYTES = 64;

    /** How many workers. */
    @Param({"1", "2"})
    public int workers = 1;

    private final byte[][] messages = new byte[KEYS][];
    private final int[] order = new int[BATCH];
    private Trafilo<Counts> engine = build(1);
    private long emitted;

    /** The state of a key. */
    private static final class Counts {
        long events;
        long windowCount;
    }

    private static Trafilo<Counts> build(int workers) {
        return Trafilo.<Counts>builder()
                .state(key -> new Counts())
                .handler((event, counts) -> counts.events++)
                .sink((window, counts) -> counts.windowCount = window.count())
                .window(Duration.ofSeconds(1))
                .slide(Duration.ofMillis(200))
                .workers(workers)
                .build();
    }

    /** Makes the messages and starts the engine. */
    @Setup
    public void setUp() {
        for (int key = 0; key < KEYS; key++) {
            byte[] message = new byte[MESSAGE_BYTES];
            Arrays.fill(message, (byte) 'x');
            byte[] prefix = ("svc" + key + " ").getBytes(StandardCharsets.US_ASCII);
            System.arraycopy(prefix, 0, message, 0, prefix.length);
            messages[key] = message;
        }
        SplittableRandom random = new SplittableRandom(1);
        Arrays.setAll(order, i -> random.nextInt(KEYS));
        engine = build(workers);
        engine.start();
    }

    /** Closes the engine, whose sums must hold. */
    @TearDown
    public void tearDown() {
        engine.close();
        if (!engine.ledger().conserved() || engine.ledger().handled() != emitted) {
            throw new IllegalStateException(emitted + " emitted: " + engine.ledger());
        }
    }

    /** A batch, emitted and handled. */
    @Benchmark
    @OperationsPerInvocation(BATCH)
    public long emitToHandled() {
        for (int key : order) {
            byte[] message = messages[key];
            while (!engine.emit(message, 0, MESSAGE_BYTES)) {
                Thread.yield();
            }
        }
        emitted += BATCH;
        while (engine.ledger().handled() < emitted) {
            Thread.yield();
        }
        return emitted;
    }
}
