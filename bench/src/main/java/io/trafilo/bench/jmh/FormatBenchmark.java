package io.trafilo.bench.jmh;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.trafilo.Counter;
import io.trafilo.EventParser;
import io.trafilo.Trafilo;
import io.trafilo.WindowView;
import io.trafilo.bench.KeySequence;
import io.trafilo.formats.DogStatsD;
import io.trafilo.formats.Graphite;
import io.trafilo.formats.KeyOf;
import io.trafilo.formats.StatsD;
import io.trafilo.spi.BufferAccess;
import io.trafilo.spi.Intake;
import io.trafilo.spi.ListenerHandle;
import io.trafilo.spi.ListenerHost;
import java.time.Duration;
import java.util.Locale;
import java.util.SplittableRandom;
import java.util.function.ToDoubleFunction;
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
 * Lines of telemetry in an engine, run to completion on the benchmark's thread. An operation is a message of one line: copied, parsed,
 * its key hashed, handled, its key's window moved and emitted when due. An invocation hands over 64 of them, as a listener does. Time is
 * the clock's, so the windows are full after 2 s of warm-up. Left out: network and ring.
 */
@State(Scope.Thread)
@Fork(
        value = 2,
        jvmArgsAppend = {"-Xms3g", "-Xmx3g"})
@Warmup(iterations = 4, time = 2)
@Measurement(iterations = 5, time = 2)
public class FormatBenchmark extends OperationsPerSecond {
    private static final int BATCH = 64;
    private static final int VALUES_PER_KEY = 16;
    private static final Duration WINDOW = Duration.ofSeconds(2);
    private static final Duration SLIDE = Duration.ofMillis(500);

    /** Which format; the last one of DogStatsD has two tags in its key. */
    @Param({"token", "statsd", "dogstatsd", "dogstatsd-tags", "graphite"})
    public String format = "statsd";

    /** What windows aggregate, and the sink asks for. The lines have no items, so not {@code DISTINCT}. */
    @Param("COUNT")
    public ValueBenchmark.What what = ValueBenchmark.What.COUNT;

    /** How many different keys. */
    @Param("1000")
    public int keys = 1;

    /** How many timestamps the engine may keep; enough for a window at 20 million events a second. */
    @Param("40000000")
    public long maxRetained = 1;

    private final byte[][] batch = new byte[BATCH][];
    private byte[][] messages;
    private KeySequence sequence;
    private Trafilo<Totals> engine;
    private Intake<byte[]> intake;
    private long handedOver;

    /** The state of a key. */
    private static final class Totals {
        double sum;
        double window;
    }

    /** Messages are arrays that are never released. */
    private static final class Access implements BufferAccess<byte[]> {
        @Override
        public int length(byte[] message) {
            return message.length;
        }

        @Override
        public void copyTo(byte[] message, byte[] destination, int offset) {
            System.arraycopy(message, 0, destination, offset, message.length);
        }

        @Override
        public void release(byte[] message) {}
    }

    /** What is handed over is handled by the thread that does it. */
    private static final class InThisThread implements ListenerHandle {
        @Override
        public void close(Duration timeout) {}

        @Override
        public boolean runsToCompletion() {
            return true;
        }
    }

    /** Makes the messages, starts the engine and creates the keys. */
    @Setup
    public void setUp() {
        if (what == ValueBenchmark.What.DISTINCT || (what != ValueBenchmark.What.COUNT && format.equals("token"))) {
            throw new IllegalArgumentException(
                    "what: " + what + " with " + format + ", which has nothing of that kind");
        }
        messages = new byte[keys * VALUES_PER_KEY][];
        SplittableRandom random = new SplittableRandom(1);
        for (int i = 0; i < messages.length; i++) {
            double root = random.nextDouble();
            messages[i] = line(i / VALUES_PER_KEY, String.format(Locale.ROOT, "%.2f", 1000 * root * root))
                    .getBytes(US_ASCII);
        }
        sequence = KeySequence.uniform(keys, 1);
        ToDoubleFunction<WindowView> asked = what.asked();
        engine = Trafilo.<Totals>builder()
                .parser(parser())
                .state(key -> new Totals())
                .handler((event, totals) -> totals.sum += event.value() * event.weight())
                .sink((window, totals) -> totals.window = asked.applyAsDouble(window))
                .aggregate(what.set())
                .window(WINDOW)
                .slide(SLIDE)
                .maxKeys(keys)
                .maxRetainedEvents(maxRetained)
                .build();
        engine.start();
        intake = ListenerHost.of(engine).openIntake(new Access(), new InThisThread());
        for (int key = 0; key < keys; key++) {
            batch[0] = messages[key * VALUES_PER_KEY];
            handOver(1);
        }
    }

    private void handOver(int count) {
        intake.publish(batch, count, intake.epochNanos());
        handedOver += count;
    }

    private String line(int key, String value) {
        return switch (format) {
            case "token" -> "shop.svc" + key + ".hits 1|c|#env:prod,region:eu-west";
            case "statsd" -> "shop.svc" + key + ".time:" + value + "|ms|@0.5";
            case "graphite" -> "shop.svc" + key + ".time " + value + " -1";
            default -> "shop.svc" + key + ".time:" + value + "|ms|@0.5|#env:prod,region:eu-west,host:web-17";
        };
    }

    private EventParser parser() {
        return switch (format) {
            case "token" -> EventParser.firstToken();
            case "statsd" -> StatsD.parser();
            case "dogstatsd" -> DogStatsD.parser();
            case "graphite" -> Graphite.parser();
            default -> DogStatsD.parser(KeyOf.name().and("env", "region"));
        };
    }

    /** All messages were handled, and have no malformed part. */
    @TearDown
    public void tearDown() {
        intake.close();
        engine.close();
        Expect.same("handled", engine.ledger().count(Counter.HANDLED), handedOver);
        Expect.same("truncated", engine.ledger().count(Counter.TRUNCATED), 0);
        Expect.same("keys", engine.ledger().count(Counter.KEYS_CREATED), keys);
        if (!engine.ledger().isConserved()) {
            throw new IllegalStateException("the ledger does not close: " + engine.ledger());
        }
    }

    /** Messages of 64 drawn keys. */
    @Benchmark
    @OperationsPerInvocation(BATCH)
    public long parsedAndApplied() {
        for (int i = 0; i < BATCH; i++) {
            batch[i] = messages[sequence.next() * VALUES_PER_KEY + (int) ((handedOver + i) % VALUES_PER_KEY)];
        }
        handOver(BATCH);
        return handedOver;
    }
}
