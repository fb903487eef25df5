package io.trafilo;

import static org.assertj.core.api.Assertions.assertThat;

import io.trafilo.engine.Engine;
import java.util.function.UnaryOperator;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What the limits are that nobody sets, on heaps of many sizes. */
class HeapDefaultsTest {
    private static final long MIB = 1 << 20;

    private static TrafiloSettings<Void> on(long heapBytes, UnaryOperator<TrafiloBuilder<Void>> changes) {
        return changes.apply(
                        Trafilo.<Void>builder().handler((event, none) -> {}).workers(1))
                .settings(heapBytes);
    }

    private static TrafiloSettings<Void> on(long heapBytes) {
        return on(heapBytes, builder -> builder);
    }

    private static long bound(TrafiloSettings<Void> settings) {
        try (Trafilo<Void> engine = new Engine<>(settings)) {
            return engine.maxMemoryBytes();
        }
    }

    static LongStream heaps() {
        return LongStream.of(32, 33, 48, 61, 64, 100, 112, 128, 200, 247, 256, 400, 480, 500)
                .map(mib -> mib * MIB);
    }

    @ParameterizedTest
    @MethodSource("heaps")
    void shouldTakeLittleMoreThanHalfOfAnyHeap(long heapBytes) {
        TrafiloSettings<Void> settings = on(heapBytes);
        long ring = bound(on(heapBytes, builder -> builder.maxKeys(1).maxRetainedEvents(1)));
        assertThat(bound(settings)).isLessThanOrEqualTo(heapBytes / 2 + ring / 2);
        assertThat(bound(settings)).as("and not much less").isGreaterThan(heapBytes / 2 - MIB);
        assertThat(settings.maxKeys()).isBetween(10_000L, 250_000L);
        assertThat(settings.maxRetainedEvents()).isEqualTo(32 * settings.maxKeys());
    }

    @Test
    void shouldHaveMoreWhenTheHeapIsLarger() {
        long keys = 0;
        for (long heap : heaps().toArray()) {
            assertThat(on(heap).maxKeys()).as("%,d", heap).isGreaterThan(keys);
            keys = on(heap).maxKeys();
        }
    }

    @ParameterizedTest
    @MethodSource("largeHeaps")
    void shouldHaveTheWholeLimitsWhenTheHeapIsLarge(long heapBytes) {
        TrafiloSettings<Void> settings = on(heapBytes);
        assertThat(settings.maxKeys()).isEqualTo(250_000);
        assertThat(settings.maxRetainedEvents()).isEqualTo(8_000_000);
        assertThat(settings.ringCapacity()).isEqualTo(4096);
    }

    static LongStream largeHeaps() {
        return LongStream.of(512, 1024, 1 << 20).map(mib -> mib * MIB);
    }

    @Test
    void shouldLowerTheRingWhenItsMessagesAreLong() {
        for (int heap : new int[] {64, 512, 1025}) {
            TrafiloSettings<Void> settings = on(heap * MIB, builder -> builder.maxMessageLength(1 << 16));
            assertThat(settings.ringCapacity()).isEqualTo(heap == 64 ? 128 : heap == 512 ? 1024 : 2048);
        }
        assertThat(on(MIB).ringCapacity()).isEqualTo(64);
    }

    @Test
    void shouldKeepWhatIsSet() {
        TrafiloSettings<Void> settings = on(
                64 * MIB, builder -> builder.maxKeys(77).maxRetainedEvents(777).ringCapacity(8192));
        assertThat(settings.maxKeys()).isEqualTo(77);
        assertThat(settings.maxRetainedEvents()).isEqualTo(777);
        assertThat(settings.ringCapacity()).isEqualTo(8192);
    }

    @Test
    void shouldLeaveToTheOtherWhatOneDoesNotTake() {
        TrafiloSettings<Void> fewKeys = on(128 * MIB, builder -> builder.maxKeys(1_000));
        assertThat(fewKeys.maxRetainedEvents()).isBetween(4_000_000L, 5_500_000L);
        TrafiloSettings<Void> fewTimestamps = on(128 * MIB, builder -> builder.maxRetainedEvents(1_000));
        assertThat(fewTimestamps.maxKeys()).isBetween(100_000L, 140_000L);
    }

    /** Half of what is left would be less; the settings fit the heap all the same, or are refused. */
    @Test
    void shouldNotLowerALimitUntilItIsOfNoUse() {
        TrafiloSettings<Void> manyKeys = on(200 * MIB, builder -> builder.maxKeys(400_000));
        assertThat(manyKeys.maxRetainedEvents()).isEqualTo(400_000);
        assertThat(on(16 * MIB).maxKeys()).isEqualTo(10_000);
        assertThat(on(16 * MIB).maxRetainedEvents()).isEqualTo(320_000);
    }
}
