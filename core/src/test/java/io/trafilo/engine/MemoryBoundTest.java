package io.trafilo.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.trafilo.Aggregates;
import io.trafilo.Counter;
import io.trafilo.EventParser;
import io.trafilo.Key;
import io.trafilo.Trafilo;
import io.trafilo.TrafiloBuilder;
import io.trafilo.TrafiloSettings;
import io.trafilo.aggregate.AggregateRules;
import io.trafilo.testing.ManualClock;
import io.trafilo.testing.UsedHeap;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.nio.ByteOrder;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Engines that are filled to their limits in different ways take no more heap than they said, and not much less at worst. */
@Timeout(value = 120, unit = TimeUnit.SECONDS)
class MemoryBoundTest {
    private static final VarHandle INTS = MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);
    private static final VarHandle LONGS = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
    private static final int KEYS = 50_000;
    private static final long START_NANOS = 1_700_000_000_000_000_000L;
    private static final Duration WINDOW = Duration.ofSeconds(10);

    /** As the parser of {@link Filler}, with a value, a weight, and an item that is the event's time. */
    private static final EventParser WITH_VALUE = (buffer, offset, length, out) -> {
        long nanos = (long) LONGS.get(buffer, offset);
        out.event(offset + 8, length - 8, offset, 8)
                .at(nanos)
                .value((int) (nanos % 1000) - 500)
                .weight(2.5);
    };

    /** What a fluctuating JVM may be off by: the test's own objects, compiled code's, JMX's. */
    private static final long NOISE = 1 << 19;

    /** How the engine of a test is filled. */
    private interface Filling {
        void fill(Filler filler);
    }

    /** An engine with one worker and a clock of the test's own. A message is a time, then the key. */
    private static final class Filler implements AutoCloseable {
        final ManualClock clock = new ManualClock(START_NANOS);
        final Trafilo<Void> engine;
        private final CountDownLatch letGo = new CountDownLatch(1);
        private final AtomicInteger hanging = new AtomicInteger();
        private volatile boolean hangs;
        private byte[] message = new byte[12];

        Filler(Consumer<TrafiloBuilder<Void>> settings) {
            TrafiloBuilder<Void> builder = Trafilo.<Void>builder()
                    .name("bound")
                    .parser((buffer, offset, length, out) ->
                            out.event(offset + 8, length - 8, offset, 0).at((long) LONGS.get(buffer, offset)))
                    .handler((event, none) -> hangIfAsked())
                    .window(WINDOW)
                    .clock(clock)
                    .workers(1)
                    .shards(32)
                    .ringCapacity(1024)
                    .maxMessageLength(320)
                    .maxKeyLength(16)
                    .maxKeys(KEYS)
                    .maxRetainedEvents(1);
            settings.accept(builder);
            engine = builder.build();
            engine.start();
        }

        private void hangIfAsked() {
            if (hangs) {
                hanging.incrementAndGet();
                try {
                    letGo.await();
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
            }
        }

        /** Lets this many workers hang and waits for their substitutes. */
        void hang(int workers) {
            hangs = true;
            for (int key = 0; hanging.get() < workers; key++) { // some keys share a shard with one that hangs
                int before = hanging.get();
                add(key, 0);
                Awaitility.await()
                        .until(() -> hanging.get() > before
                                || engine.ledger().count(Counter.STALLED) + hanging.get()
                                        == engine.ledger().count(Counter.OFFERED));
            }
            Awaitility.await()
                    .until(() -> Thread.getAllStackTraces().keySet().stream()
                                    .filter(thread -> thread.getName()
                                            .startsWith(engine.settings().name() + "-worker-"))
                                    .count()
                            == 2L * workers);
        }

        void keyLength(int length) {
            message = new byte[8 + length];
        }

        /** An event that many nanoseconds ago. */
        void add(int key, long agoNanos) {
            LONGS.set(message, 0, clock.epochNanos() - agoNanos);
            INTS.set(message, 8, key);
            offer(message);
        }

        void offer(byte[] bytes) {
            while (!engine.offer(bytes, 0, bytes.length)) {
                Thread.yield();
            }
        }

        void await() {
            Awaitility.await()
                    .pollInterval(Duration.ofMillis(1))
                    .until(() -> engine.ledger().count(Counter.PARSED)
                                    + engine.ledger().count(Counter.MALFORMED)
                            == engine.ledger().count(Counter.OFFERED));
        }

        /** Moves the clock when all that came before is handled. */
        void advance(long nanos) {
            await();
            clock.advanceNanos(nanos);
        }

        /** Closes the engine and waits for the end of its threads, which hold on to it. */
        @Override
        public void close() {
            letGo.countDown();
            engine.close();
            Awaitility.await()
                    .until(() -> Thread.getAllStackTraces().keySet().stream().noneMatch(thread -> thread.getName()
                            .startsWith(engine.settings().name() + "-")));
        }
    }

    private static Arguments shape(
            String name, double least, Consumer<TrafiloBuilder<Void>> settings, Filling filling) {
        return Arguments.of(name, least, settings, filling);
    }

    private static void perKey(Filler filler, int timestamps) {
        for (int t = 0; t < timestamps; t++) {
            for (int key = 0; key < KEYS; key++) {
                filler.add(key, timestamps - t);
            }
        }
    }

    /** Two chunks with three timestamps: a full one that expired all but one, and the next one. Key by key: each needs 14. */
    private static void fewInTwoChunks(Filler filler, int timestamps) {
        for (int key = 0; key < KEYS; key++) {
            for (int old = 0; old < 12; old++) {
                filler.add(key, WINDOW.toNanos() - KEYS + key);
            }
            filler.add(key, 0);
            filler.add(key, 0);
        }
        filler.advance(2L * KEYS);
        for (int key = 0; key < KEYS; key++) {
            for (int t = 2; t < timestamps; t++) {
                filler.add(key, 0);
            }
        }
    }

    /** From the last to the first, each second one of the full chunks gets one more in its middle. */
    private static void disorder(Filler filler, int keys, int each) {
        for (int key = 0; key < keys; key++) {
            int inOrder = each / 13 * 13;
            for (int t = 0; t < inOrder; t++) {
                filler.add(key, 1_000L * (each - t));
            }
            for (int t = inOrder - 20; t > 0; t -= 26) {
                filler.add(key, 1_000L * (each - t) - 500);
            }
        }
    }

    static Stream<Arguments> shapes() {
        return Stream.of(
                shape("nothing", 0, b -> b.maxKeys(1), filler -> {}),
                shape("one timestamp each", 0, b -> {}, filler -> perKey(filler, 1)),
                shape("two each", 0, b -> b.maxRetainedEvents(2 * KEYS), filler -> perKey(filler, 2)),
                shape("three each", 0, b -> b.maxRetainedEvents(3 * KEYS), filler -> perKey(filler, 3)),
                shape("14 each", 0, b -> b.maxRetainedEvents(14 * KEYS), filler -> perKey(filler, 14)),
                shape("15 each", 0, b -> b.maxRetainedEvents(15 * KEYS), filler -> perKey(filler, 15)),
                shape("one key has all", 0, b -> b.maxKeys(1).maxRetainedEvents(1_000_000), filler -> {
                    for (int t = 0; t < 1_000_000; t++) {
                        filler.add(1, 1_000_000 - t);
                    }
                }),
                shape(
                        "far apart",
                        0.6,
                        b -> b.maxKeys(1).maxRetainedEvents(500_000).window(Duration.ofDays(30)),
                        filler -> {
                            for (int t = 0; t < 500_000; t++) {
                                filler.add(1, (500_000L - t) << 32); // gaps that do not fit into 32 bits
                            }
                        }),
                shape("a busy key moves on", 0, b -> b.maxKeys(64).maxRetainedEvents(40_000), filler -> {
                    for (int key = 0; key < 64; key++) {
                        for (int t = 0; t < 35_000; t++) {
                            filler.add(key, 35_000 - t);
                        }
                        filler.advance(WINDOW.toNanos() + 1);
                        filler.add(key, 0);
                    }
                }),
                shape("other keys all the time", 0, b -> b.idleTimeout(WINDOW), filler -> {
                    for (int key = 0; key < 3 * KEYS; key++) {
                        if (key % KEYS == 0) {
                            filler.advance(2 * WINDOW.toNanos());
                            Awaitility.await()
                                    .until(() -> filler.engine.ledger().count(Counter.LIVE_KEYS) == 0);
                        }
                        filler.add(key, 0);
                    }
                }),
                shape(
                        "disorder",
                        0.5,
                        b -> b.maxKeys(40).maxRetainedEvents(640_000),
                        filler -> disorder(filler, 40, 15_000)),
                shape("long keys", 0.5, b -> b.maxKeyLength(256), filler -> {
                    filler.keyLength(256);
                    perKey(filler, 1);
                }),
                shape("messages by hand", 0.5, b -> b.maxKeys(1).maxMessageLength(2048), filler -> {
                    for (int length : new int[] {1_990, 2_048}) { // an array that is outgrown by little
                        for (int i = 0; i < 2 * filler.engine.settings().ringCapacity(); i++) {
                            filler.offer(new byte[length]);
                        }
                    }
                }),
                shape( // in arrays that a collector does not yet round up to whole regions
                        "many events in a message",
                        0.4, // their keys take a quarter of what is left for those that are put together
                        b -> b.maxKeys(1).maxEventsPerMessage(16_000).parser((buffer, offset, length, out) -> {
                            for (int i = 0; i < (length == 1 ? 31 : 16_000); i++) {
                                out.key()
                                        .append((byte) 'k')
                                        .append((byte) 'e')
                                        .append((byte) 'y')
                                        .append((byte) 's')
                                        .event(offset, 0);
                            }
                        }),
                        filler -> {
                            filler.offer(new byte[1]);
                            filler.offer(new byte[2]);
                        }),
                shape( // in arrays of the same kind
                        "all workers hang",
                        0.5,
                        b -> b.maxKeys(64)
                                .workers(8)
                                .maxClaim(7)
                                .maxMessageLength(1 << 16)
                                .ringCapacity(2)
                                .stallTimeout(Duration.ofMillis(10))
                                .stallListener(stall -> {}),
                        filler -> filler.hang(8)),
                shape(
                        "a value each",
                        0.5,
                        b -> b.parser(WITH_VALUE).aggregate(Aggregates.max()),
                        filler -> perKey(filler, 1)),
                shape(
                        "14 values with weights each",
                        0.3,
                        b -> b.parser(WITH_VALUE)
                                .aggregate(Aggregates.sum().min())
                                .maxRetainedEvents(14 * KEYS),
                        filler -> perKey(filler, 14)),
                shape(
                        "keys with many values",
                        0.2,
                        b -> b.parser(WITH_VALUE)
                                .aggregate(Aggregates.sum().deviation().quantiles())
                                .maxKeys(100)
                                .maxRetainedEvents(410_000)
                                .sink((window, none) -> window.quantile(0.5))
                                .slide(Duration.ofNanos(1_000)),
                        filler -> {
                            for (int t = 0; t < 4_100; t++) {
                                for (int key = 0; key < 100; key++) {
                                    filler.add(key, 4_100 - t);
                                }
                            }
                        }),
                shape(
                        "many items",
                        0.5,
                        b -> b.parser(WITH_VALUE)
                                .aggregate(Aggregates.distinct(8))
                                .maxKeys(1_000)
                                .maxRetainedEvents(1_000),
                        filler -> {
                            for (int t = 0; t < 1_000; t++) {
                                filler.advance(WINDOW.toNanos() / 500);
                                for (int key = 0; key < 1_000; key++) {
                                    filler.add(key, 0);
                                }
                            }
                        }),
                shape("many shards", 0, b -> b.shards(1 << 14).maxKeys(1), filler -> filler.add(1, 0)),
                shape("all at worst", 0.5, b -> b.maxKeyLength(256).maxRetainedEvents(3 * KEYS), filler -> {
                    filler.keyLength(256);
                    fewInTwoChunks(filler, 3);
                }));
    }

    @Tag("slow")
    @ParameterizedTest(name = "{0}")
    @MethodSource("shapes")
    void shouldBeWhatTheEngineTakesAtMost(
            String name, double least, Consumer<TrafiloBuilder<Void>> settings, Filling filling) {
        long before = UsedHeap.bytes();
        try (Filler filler = new Filler(settings)) {
            filling.fill(filler);
            filler.await();
            long taken = UsedHeap.bytes() - before;
            long bound = filler.engine.maxMemoryBytes();
            System.out.printf(
                    "MemoryBoundTest, %s: %,d of at most %,d bytes (%.2f)%n",
                    name, taken, bound, (double) taken / bound);
            assertThat(taken).isLessThanOrEqualTo(bound + NOISE);
            assertThat((double) (taken + NOISE) / bound).as("part of the bound").isGreaterThan(least);
        }
    }

    @Test
    void shouldKnowTheObjectsThatThereIsOneOfForEachKeyAndSlot() throws ClassNotFoundException {
        assertThat(bytesOf(Class.forName("io.trafilo.state.KeyState"))).isLessThanOrEqualTo(MemoryBound.KEY_STATE);
        assertThat(bytesOf(Key.of("x".repeat(MemoryBound.SHORT_KEY)).getClass()))
                .isLessThanOrEqualTo(MemoryBound.KEY);
        assertThat(bytesOf(Key.of("x".repeat(MemoryBound.SHORT_KEY + 1)).getClass()))
                .isLessThanOrEqualTo(MemoryBound.KEY);
        assertThat(Key.of("x".repeat(MemoryBound.SHORT_KEY)).getClass().getDeclaredFields())
                .noneMatch(field -> field.getType().isArray());
        assertThat(bytesOf(Class.forName("io.trafilo.dispatch.MessageSlot"))).isLessThanOrEqualTo(MemoryBound.SLOT);
        AggregateRules none = AggregateRules.NONE;
        AggregateRules sum = new AggregateRules(Aggregates.sum(), 1, 1);
        assertThat(none.bytesOfKey()).isZero();
        assertThat(bytesOf(Class.forName("io.trafilo.state.KeyState$Aggregated"))
                        + bytesOf(Class.forName("io.trafilo.aggregate.KeyAggregates")))
                .isLessThanOrEqualTo((int) (MemoryBound.KEY_STATE + sum.bytesOfKey()));
    }

    /** With references of 8 bytes and a header of 16. */
    private static int bytesOf(Class<?> type) {
        int bytes = 16;
        for (Class<?> each = type; each != Object.class; each = each.getSuperclass()) {
            for (Field field : each.getDeclaredFields()) {
                if (!Modifier.isStatic(field.getModifiers())) {
                    bytes += bytesOfField(field.getType());
                }
            }
        }
        return (bytes + 7) & -8;
    }

    private static int bytesOfField(Class<?> type) {
        if (type == boolean.class || type == byte.class) {
            return 1;
        }
        return type == int.class ? 4 : 8;
    }

    @Test
    void shouldBe255MiBWithTheGreatestDefaults() {
        TrafiloSettings<Void> settings = settings(
                b -> b.workers(1).maxKeys(250_000).maxRetainedEvents(8_000_000).ringCapacity(4096));
        assertThat(MemoryBound.of(settings))
                .hasToString("255 MiB: ring 9, scratch 2, keys 119, timestamps 125"); // as the guide says
    }

    private static TrafiloSettings<Void> settings(Consumer<TrafiloBuilder<Void>> changes) {
        TrafiloBuilder<Void> builder = Trafilo.<Void>builder().handler((event, none) -> {});
        changes.accept(builder);
        return builder.settings();
    }

    @Test
    void shouldNotOverflowAtTheLargestSettings() {
        MemoryBound bound = MemoryBound.of(settings(b -> b.maxKeys(1L << 30)
                .maxKeyLength(1 << 16)
                .maxMessageLength(1 << 16)
                .ringCapacity(1 << 24)
                .maxRetainedEvents(1L << 31)
                .maxEventsPerMessage(1 << 16)
                .shards(1 << 16)
                .workers(64)));
        assertThat(bound.keysBytes()).isBetween(1L << 46, 1L << 47);
        assertThat(bound.ringBytes()).isBetween(1L << 40, 1L << 41);
        assertThat(bound.timestampsBytes()).isBetween(1L << 36, 1L << 38);
        assertThat(bound.scratchBytes()).isBetween(1L << 30, 1L << 31);
    }

    static Stream<Arguments> tooLarge() {
        return Stream.of(
                refusal(b -> b.maxKeys(2_000_000), "lower maxKeys 2000000 or maxKeyLength 256, or raise -Xmx"),
                refusal(
                        b -> b.maxRetainedEvents(50_000_000),
                        "lower maxRetainedEvents 50000000 or maxKeys 1000, or raise -Xmx"),
                refusal(
                        b -> b.maxMessageLength(1 << 16).ringCapacity(8192),
                        "lower ringCapacity 8192 or maxMessageLength 65536, or raise -Xmx"),
                refusal(
                        b -> b.ringCapacity(2)
                                .maxMessageLength(1 << 16)
                                .maxClaim(1024)
                                .workers(64),
                        "lower workers 64, maxClaim 1024 or maxMessageLength 65536, or raise -Xmx"));
    }

    private static Arguments refusal(Consumer<TrafiloBuilder<Void>> changes, String advice) {
        return Arguments.of(changes, advice);
    }

    @ParameterizedTest
    @MethodSource("tooLarge")
    void shouldNameWhatToLowerWhenTheHeapIsTooSmall(Consumer<TrafiloBuilder<Void>> changes, String advice) {
        TrafiloSettings<Void> settings =
                settings(b -> changes.accept(b.maxKeys(1_000).maxRetainedEvents(1_000)));
        MemoryBound bound = MemoryBound.of(settings);
        bound.requireFits(settings, bound.totalBytes());
        assertThatThrownBy(() -> bound.requireFits(settings, bound.totalBytes() - 1))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("memory: " + bound + " (expected: at most " + ((bound.totalBytes() - 1) >> 20)
                        + " MiB, the heap of this JVM; " + advice + ")");
    }

    @Test
    void shouldRefuseMoreTimestampsThanCanBeAddressed() {
        TrafiloSettings<Void> settings =
                settings(b -> b.maxRetainedEvents(1L << 31).maxKeys(1));
        assertThatThrownBy(() -> MemoryBound.of(settings).requireFits(settings, Long.MAX_VALUE))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("memory: 26561 MiB of timestamps (expected: at most 8300 MiB, the limit of the timestamp"
                        + " stores; lower maxRetainedEvents 2147483648 or maxKeys 1)");
        TrafiloSettings<Void> fitting =
                settings(b -> b.maxRetainedEvents(660_000_000).maxKeys(1));
        MemoryBound.of(fitting).requireFits(fitting, Long.MAX_VALUE);
    }

    @Test
    void shouldTellItsPartsAndTheirSum() {
        MemoryBound bound = new MemoryBound((9 << 20) - 1, 1, 188 << 20, (114 << 20) - 5);
        assertThat(bound).hasToString("312 MiB: ring 9, scratch 1, keys 188, timestamps 114");
    }

    @Test
    void shouldRefuseToBuildWhenTheHeapIsTooSmall() {
        TrafiloBuilder<Void> builder = Trafilo.<Void>builder().handler((event, none) -> {});
        long heapMiB = Runtime.getRuntime().maxMemory() >> 20;
        assertThatThrownBy(() -> builder.maxKeys(1L << 30).build())
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("memory: ")
                .hasMessageContaining("(expected: at most " + heapMiB + " MiB, the heap of this JVM; lower maxKeys ");
        try (Trafilo<Void> engine = builder.maxKeys(1_000).build()) {
            assertThat(engine.maxMemoryBytes()).isBetween(1L << 20, 300L << 20);
        }
    }
}
