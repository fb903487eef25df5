package io.trafilo;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import io.trafilo.spi.BufferAccess;
import io.trafilo.spi.Intake;
import io.trafilo.spi.ListenerHost;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.lang.management.ManagementFactory;
import java.nio.ByteOrder;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * In its steady state the engine allocates nothing: not per event, not per window, not per emission, on no thread. A clock of
 * the test's own goes forward with the events, so that windows slide and timers go off at the same pace on any machine.
 */
@Timeout(value = 120, unit = TimeUnit.SECONDS)
class AllocationTest {
    private static final int KEYS = 10_000;
    private static final int ACTIVE_KEYS = KEYS / 2;
    private static final int WARM_UP = 1_200_000;
    private static final int SETTLING = 1_000_000;
    private static final int LONG_RUN = 10_000_000;
    private static final int SHORT_RUN = 3_000_000;

    private static final AggregateSet ALL =
            Aggregates.sum().min().max().deviation().weightedCount().quantiles().distinct();

    /** After so many events other keys are active; the warm-up sees them all. Those that fall quiet emit by their timers. */
    private static final int SHIFT_AFTER = 200_000;

    private static final int BATCH = 32;
    private static final double ALLOWED_BYTES_PER_EVENT = 0.01;

    /** So that an active key gets ten events per window, and emits at every fourth of them. */
    private static final long NANOS_PER_EVENT = 1_000;

    private static final Duration WINDOW = Duration.ofNanos(5 * KEYS * NANOS_PER_EVENT);
    private static final Duration SLIDE = Duration.ofNanos(2 * KEYS * NANOS_PER_EVENT);
    private static final long START_NANOS = 1_000_000_000_000L;

    private static final VarHandle LONGS = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
    private static final VarHandle INTS = MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);
    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    private static final class Sum {
        long sum;
    }

    /** How a variant puts message {@code n} in; returns when it is taken. */
    private interface Feed {
        void put(long n);
    }

    private volatile long nowNanos = START_NANOS;

    private Trafilo<Sum> start(EventParser parser) {
        return start(parser, Aggregates.none(), 2);
    }

    private Trafilo<Sum> start(EventParser parser, AggregateSet aggregates, int workers) {
        Trafilo<Sum> engine = Trafilo.<Sum>builder()
                .name("allocation")
                .clock(() -> nowNanos)
                .parser(parser)
                .state(key -> new Sum())
                .handler((event, sum) -> sum.sum += event.payloadByte(0) + event.timestampNanos())
                .sink((window, sum) -> {
                    sum.sum -= window.count() + window.oldestNanos() + window.lossDuringWindow();
                    if (!window.aggregates().isEmpty()) {
                        sum.sum += (long) aggregates(window);
                    }
                })
                .aggregate(aggregates)
                .window(WINDOW)
                .slide(SLIDE)
                .workers(workers)
                .maxMessageLength(64)
                .build();
        engine.start();
        return engine;
    }

    private static double aggregates(WindowView window) {
        return window.sum()
                + window.mean()
                + window.min()
                + window.max()
                + window.standardDeviation()
                + window.weightedCount()
                + window.quantile(0.5)
                + window.quantile(0.99)
                + window.distinct();
    }

    /** A message is a key of four bytes and eight bytes that hold the event's time. */
    private static void fill(byte[] message, long n, long timeNanos) {
        long firstActive = n / SHIFT_AFTER * (ACTIVE_KEYS / 2);
        INTS.set(message, 0, (int) ((firstActive + n % ACTIVE_KEYS) % KEYS));
        LONGS.set(message, 4, timeNanos);
    }

    private static void parseAtReceipt(byte[] buffer, int offset, int length, EventCollector out) {
        out.event(offset, 4, offset + 4, length - 4);
    }

    /** A value, and at times a weight, both of the key. One key in 1024 has values that leave the range of the others. */
    private static void parseWithValue(byte[] buffer, int offset, int length, EventCollector out) {
        int key = (int) INTS.get(buffer, offset);
        out.event(offset, 4, offset + 4, length - 4)
                .value(key % 7 - 3 + (key % 1024 == 0 ? 1e300 : 0))
                .weight(key % 16 == 0 ? 2.5 : 1)
                .item(offset + 4, 2);
    }

    /** The same for eight keys, which have thousands of events in a window each; one in 997 of these has a far value. */
    private static void parseForFewKeys(byte[] buffer, int offset, int length, EventCollector out) {
        int n = (int) INTS.get(buffer, offset);
        INTS.set(buffer, offset, n & 7);
        out.event(offset, 4, offset + 4, length - 4)
                .value(n % 997 == 0 ? 1e30 : n % 100 - 50)
                .weight(n % 16 == 0 ? 2.5 : 1)
                .item(offset + 4, 8);
    }

    private static void parseWithTime(byte[] buffer, int offset, int length, EventCollector out) {
        out.event(offset, 4, offset + 4, length - 4).at((long) LONGS.get(buffer, offset + 4));
    }

    @Test
    void shouldAllocateNothingWhenMessagesAreEmitted() {
        try (Trafilo<Sum> engine = start(AllocationTest::parseAtReceipt)) {
            byte[] message = new byte[12];
            measure("emit", engine, LONG_RUN, n -> {
                fill(message, n, 0);
                offer(engine, message);
            });
        }
    }

    @Test
    void shouldAllocateNothingWhenEventsComeOutOfOrder() {
        try (Trafilo<Sum> engine = start(AllocationTest::parseWithTime)) {
            byte[] message = new byte[12];
            measure("emit, out of order", engine, SHORT_RUN, n -> {
                long backNanos = ((n * 0x9E3779B97F4A7C15L) >>> 32) % (WINDOW.toNanos() * 5 / 4); // some are late
                fill(message, n, nowNanos - backNanos);
                offer(engine, message);
            });
            assertThat(engine.ledger().count(Counter.LATE)).isPositive();
        }
    }

    @Test
    void shouldAllocateNothingWhenWindowsHaveAggregates() {
        try (Trafilo<Sum> engine = start(AllocationTest::parseWithValue, ALL, 2)) {
            byte[] message = new byte[12];
            measure("aggregates", engine, SHORT_RUN, n -> {
                fill(message, n, n % 64);
                offer(engine, message);
            });
        }
    }

    /** One worker: two would wait for each other's locks all the time, and a thread in a lock's queue takes 32 bytes. */
    @Test
    void shouldAllocateNothingWhenKeysWithManyEventsHaveAggregates() {
        try (Trafilo<Sum> engine = start(AllocationTest::parseForFewKeys, ALL, 1)) {
            byte[] message = new byte[12];
            measure("aggregates of many", engine, SHORT_RUN, 10_000, n -> {
                INTS.set(message, 0, (int) n);
                LONGS.set(message, 4, n % 100_000);
                offer(engine, message);
            });
        }
    }

    private static void offer(Trafilo<?> engine, byte[] message) {
        while (!engine.offer(message, 0, message.length)) {
            Thread.onSpinWait();
        }
    }

    @Test
    void shouldAllocateNothingWhenForeignBuffersArePublished() {
        Trafilo<Sum> engine = start(AllocationTest::parseAtReceipt);
        Buffer[] pool = new Buffer[2 * engine.settings().ringCapacity()];
        Arrays.setAll(pool, i -> new Buffer());
        try (engine;
                Intake<Buffer> intake = ListenerHost.of(engine).openIntake(new Access(), timeout -> {})) {
            Buffer[] batch = new Buffer[BATCH];
            measure("publish", engine, SHORT_RUN, n -> {
                int i = (int) (n % BATCH);
                Buffer buffer = pool[(int) (n % pool.length)];
                while (buffer.inUse) {
                    Thread.onSpinWait();
                }
                buffer.inUse = true;
                fill(buffer.bytes, n, 0);
                batch[i] = buffer;
                if (i == BATCH - 1) {
                    intake.publish(batch, BATCH, intake.epochNanos());
                }
            });
        }
    }

    private static final class Buffer {
        final byte[] bytes = new byte[12];
        volatile boolean inUse;
    }

    private static final class Access implements BufferAccess<Buffer> {
        @Override
        public int length(Buffer buffer) {
            return buffer.bytes.length;
        }

        @Override
        public void copyTo(Buffer buffer, byte[] destination, int offset) {
            System.arraycopy(buffer.bytes, 0, destination, offset, buffer.bytes.length);
        }

        @Override
        public void release(Buffer buffer) {
            buffer.inUse = false;
        }
    }

    private void measure(String variant, Trafilo<Sum> engine, int events, Feed feed) {
        measure(variant, engine, events, 10, feed);
    }

    private void measure(String variant, Trafilo<Sum> engine, int events, int mostPerWindow, Feed feed) {
        run(engine, feed, 0, WARM_UP, NANOS_PER_EVENT / 8); // windows hold eight times as much as ever after
        run(engine, feed, WARM_UP, SETTLING, NANOS_PER_EVENT);
        long[] threads = threadsOf("allocation-worker-");
        assertThat(threads).hasSize(engine.settings().workers() + 1);
        long emissions = engine.ledger().count(Counter.DELIVERED);
        long before = allocatedBytes(threads);
        run(engine, feed, WARM_UP + SETTLING, events, NANOS_PER_EVENT);
        long bytes = allocatedBytes(threads) - before;
        emissions = engine.ledger().count(Counter.DELIVERED) - emissions;
        System.out.printf(
                "AllocationTest, %s: %d bytes for %d events and %d windows = %.6f bytes per event%n",
                variant, bytes, events, emissions, (double) bytes / events);
        assertThat(emissions).as("windows").isGreaterThan(events / mostPerWindow);
        assertThat((double) bytes / events).as("bytes per event").isLessThan(ALLOWED_BYTES_PER_EVENT);
    }

    private void run(Trafilo<Sum> engine, Feed feed, long first, int count, long nanosPerEvent) {
        for (long n = first; n < first + count; n++) {
            nowNanos = START_NANOS + n * nanosPerEvent;
            feed.put(n);
        }
        while (engine.ringFill() > 0 && engine.isRunning()) {
            Thread.onSpinWait();
        }
        assertThat(engine.failure()).isEmpty();
    }

    /** The workers and the calling thread. */
    private static long[] threadsOf(String prefix) {
        long[] ids = Arrays.stream(THREADS.getThreadInfo(THREADS.getAllThreadIds()))
                .filter(info -> info != null && info.getThreadName().startsWith(prefix))
                .mapToLong(info -> info.getThreadId())
                .toArray();
        long[] withCaller = Arrays.copyOf(ids, ids.length + 1);
        withCaller[ids.length] = Thread.currentThread().getId();
        return withCaller;
    }

    private static long allocatedBytes(long[] threads) {
        long sum = 0;
        for (long thread : threads) {
            sum += THREADS.getThreadAllocatedBytes(thread);
        }
        return sum;
    }
}
