package io.trafilo;

import static org.assertj.core.api.Assertions.assertThat;

import io.trafilo.testing.UsedHeap;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What keys and timestamps cost on the heap, through the whole engine, as the builder's Javadoc promises it. */
@Tag("slow")
@Timeout(value = 900, unit = TimeUnit.SECONDS)
class MemoryFootprintTest {
    private static final int KEY_LENGTH = 8;
    private static final VarHandle LONGS = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

    private static Trafilo<Void> start() {
        Trafilo<Void> engine = Trafilo.<Void>builder()
                .parser(EventParser.wholeMessage())
                .sink((window, none) -> {})
                .window(Duration.ofHours(10))
                .slide(Duration.ofHours(1))
                .shards(128)
                .workers(2)
                .maxKeys(2_000_000)
                .maxRetainedEvents(20_000_000)
                .build();
        engine.start();
        return engine;
    }

    @Test
    void shouldTakeAtMost160BytesPerKeyWhenThereAreAMillionKeys() {
        int keys = 1_000_000;
        try (Trafilo<Void> engine = start()) {
            offer(engine, 1, 1);
            long before = UsedHeap.bytes();
            offer(engine, keys, keys);
            long bytes = UsedHeap.bytes() - before;
            assertThat(engine.ledger().count(Counter.LIVE_KEYS)).isEqualTo(keys);
            double perKey = (double) bytes / keys - KEY_LENGTH;
            System.out.printf("MemoryFootprintTest: %.1f bytes per key besides its own %d%n", perKey, KEY_LENGTH);
            assertThat(perKey).isBetween(50.0, 160.0);
        }
    }

    @ParameterizedTest
    @CsvSource({"10000, 10000000, 5.5", "100000, 10000000, 5.8", "1000000, 10000000, 9"})
    void shouldTakeFewBytesPerTimestampWhenThereAreTenMillion(int keys, int events, double most) {
        try (Trafilo<Void> engine = start()) {
            offer(engine, keys, keys);
            long before = UsedHeap.bytes();
            offer(engine, events, keys);
            long bytes = UsedHeap.bytes() - before;
            assertThat(engine.ledger().count(Counter.LIVE_TIMESTAMPS)).isEqualTo((long) events + keys);
            assertThat(engine.ledger().count(Counter.TRUNCATED)).isZero();
            double perTimestamp = (double) bytes / events;
            System.out.printf(
                    "MemoryFootprintTest: %.2f bytes per timestamp, %d per key%n", perTimestamp, events / keys);
            assertThat(perTimestamp).isBetween(4.5, most);
        }
    }

    private static void offer(Trafilo<?> engine, int events, int keys) {
        byte[] message = new byte[KEY_LENGTH];
        long handled = engine.ledger().count(Counter.HANDLED);
        for (long i = 0; i < events; i++) {
            LONGS.set(message, 0, i % keys);
            while (!engine.offer(message, 0, message.length)) {
                Thread.onSpinWait();
            }
        }
        Awaitility.await().until(() -> engine.ledger().count(Counter.HANDLED) == handled + events);
    }
}
