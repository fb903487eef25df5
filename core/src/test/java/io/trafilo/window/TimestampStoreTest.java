package io.trafilo.window;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Timeout(120)
class TimestampStoreTest {

    private static final int BLOCK_BYTES = 8192 * Integer.BYTES;
    private static final int TIMESTAMPS_PER_BLOCK = Chunks.PER_BLOCK * Chunks.SLOTS;

    /** The least gap that does not fit into 32 bits. */
    private static final long FAR = 1L << 32;

    private final TimestampStore store =
            new TimestampStore(new RetentionBudget(100_000_000, 1), new ChunkSupply(false));
    private final TestEntry entry = new TestEntry(0);

    @Test
    void shouldHoldNothingWhenNew() {
        assertThat(store.count(entry)).isZero();
        assertThat(store.live()).isZero();
        assertThat(store.pool().supply().reservedBytes()).isZero();
        assertThatIllegalStateException().isThrownBy(() -> store.oldest(entry));
        assertThatIllegalStateException().isThrownBy(() -> store.newest(entry));
    }

    @Test
    void shouldNeedNoChunkWhenEntryHoldsTwo() {
        add(5, 3);

        assertContent(3, 5);
        assertThat(store.pool().supply().reservedBytes()).isZero();
    }

    @Test
    void shouldGiveChunksBackWhenEntryFallsBackToTwo() {
        add(1, 2, 3);
        assertThat(StoreInspector.chunkCount(store, entry)).isEqualTo(1);

        store.evictBefore(entry, 2);

        assertContent(2, 3);
        assertThat(StoreInspector.chunkCount(store, entry)).isZero();
    }

    @Test
    void shouldKeepDuplicatesWhenTimestampsAreEqual() {
        for (int i = 0; i < 100; i++) {
            add(7);
        }

        assertThat(store.count(entry)).isEqualTo(100);
        assertThat(store.evictBefore(entry, 7)).isZero();
        assertThat(store.evictBefore(entry, 8)).isEqualTo(100);
    }

    @Test
    void shouldKeepTimestampWhenItIsAtBound() {
        add(1, 2, 3, 4, 5);

        assertThat(store.evictBefore(entry, 3)).isEqualTo(2);

        assertContent(3, 4, 5);
    }

    @Test
    void shouldKeepOrderWhenClockValuesWrap() {
        add(Long.MIN_VALUE + 1, Long.MAX_VALUE, Long.MIN_VALUE, Long.MAX_VALUE - 1);

        assertContent(Long.MAX_VALUE - 1, Long.MAX_VALUE, Long.MIN_VALUE, Long.MIN_VALUE + 1);
        assertThat(store.evictBefore(entry, Long.MIN_VALUE)).isEqualTo(2);
        assertContent(Long.MIN_VALUE, Long.MIN_VALUE + 1);
    }

    @Test
    void shouldFillChunksWhenTimestampsAreInOrder() {
        addRange(1, 130);

        assertThat(StoreInspector.chunkCount(store, entry)).isEqualTo(10);
    }

    @Test
    void shouldFillChunksWhenTimestampsDescend() {
        for (int t = 130; t > 0; t--) {
            add(t);
        }

        assertThat(StoreInspector.chunkCount(store, entry)).isEqualTo(10);
    }

    @Test
    void shouldUseRoomOfNextChunkWhenChunkIsFull() {
        addRange(1, 14);

        add(3);

        assertThat(StoreInspector.chunkCount(store, entry)).isEqualTo(2);
        assertContent(1, 2, 3, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14);
    }

    @Test
    void shouldUseRoomOfPreviousChunkWhenNextIsFull() {
        addRange(1, 52);
        add(3);
        assertThat(StoreInspector.chunkCount(store, entry)).isEqualTo(5);

        add(30);

        assertThat(StoreInspector.chunkCount(store, entry)).isEqualTo(5);
        assertThat(StoreInspector.contentOf(store, entry))
                .isSorted()
                .hasSize(54)
                .containsSequence(29, 30, 30, 31);
        StoreInspector.checkChunks(store, List.of(entry));
    }

    @Test
    void shouldMakeThreeChunksOfTwoWhenNextIsFullToo() {
        addRange(1, 26);

        add(3);

        assertThat(StoreInspector.chunkCount(store, entry)).isEqualTo(3);
        assertThat(store.pool().chunks().size(entry.headChunk)).isEqualTo(9);
        StoreInspector.checkChunks(store, List.of(entry));
    }

    @Test
    void shouldMakeTwoChunksOfOneWhenThreeOfTwoWouldNotFit() {
        addRange(1, 13);
        for (int i = 0; i < 13; i++) {
            add(2 * FAR + i);
        }

        add(3);

        assertThat(StoreInspector.chunkCount(store, entry)).isEqualTo(3);
        assertThat(store.pool().chunks().size(entry.headChunk)).isEqualTo(7);
        StoreInspector.checkChunks(store, List.of(entry));
    }

    /** Full chunks on both sides, and a timestamp that is far from all others: nothing but a chunk of 10 can be split. */
    @Test
    void shouldLeaveFiveInAChunkAtWorst() {
        for (int t = 0; t < 9; t++) {
            add(t);
        }
        for (int t = 0; t < 13; t++) {
            add(3 * FAR + t);
        }
        for (int t = 100; t < 113; t++) {
            add(3 * FAR + t);
        }
        for (int t = 0; t < 13; t++) {
            add(-3 * FAR - t);
        }

        add(3 * FAR / 2);

        Chunks chunks = store.pool().chunks();
        int second = chunks.next(entry.headChunk);
        assertThat(chunks.size(second)).isEqualTo(ChunkLists.LEAST_IN_CHUNK);
        assertThat(chunks.size(chunks.next(second))).isEqualTo(ChunkLists.LEAST_IN_CHUNK);
        assertThat(StoreInspector.contentOf(store, entry)).isSorted().hasSize(49);
        StoreInspector.checkChunks(store, List.of(entry));
    }

    @Test
    void shouldBeExactWhenGapsAreTheGreatestThatFit() {
        add(0, FAR - 1, 2 * (FAR - 1));
        assertThat(store.pool().chunks().isWide(entry.headChunk)).isFalse();

        add(1);

        assertContent(0, 1, FAR - 1, 2 * (FAR - 1));
        assertThat(store.pool().chunks().isWide(entry.headChunk)).isFalse();
    }

    @Test
    void shouldBeExactWhenGapsDoNotFit() {
        add(0, FAR, 2 * FAR, 5 * FAR);
        assertThat(store.pool().chunks().isWide(entry.headChunk)).isTrue();

        add(-FAR, 3 * FAR, 5 * FAR - 1);

        assertContent(-FAR, 0, FAR, 2 * FAR, 3 * FAR, 5 * FAR - 1, 5 * FAR);
        assertThat(StoreInspector.chunkCount(store, entry)).isEqualTo(1);
        assertThat(store.evictBefore(entry, 1)).isEqualTo(2);
        assertContent(FAR, 2 * FAR, 3 * FAR, 5 * FAR - 1, 5 * FAR);
    }

    @Test
    void shouldBeNarrowAgainWhenTheGapThatDidNotFitIsGone() {
        add(0, FAR, FAR + 1);
        for (int t = 2; t < 8; t++) {
            add(FAR + t);
        }
        assertThat(StoreInspector.chunkCount(store, entry)).isEqualTo(2);
        store.clear(entry);
        add(0, FAR, FAR + 1, FAR + 2, FAR + 3, FAR + 4, FAR + 5);
        store.evictBefore(entry, 1);

        add(FAR + 6, FAR + 7, FAR + 8);

        assertThat(StoreInspector.chunkCount(store, entry)).isEqualTo(1);
        assertThat(store.pool().chunks().isWide(entry.headChunk)).isFalse();
        assertContent(FAR, FAR + 1, FAR + 2, FAR + 3, FAR + 4, FAR + 5, FAR + 6, FAR + 7, FAR + 8);
    }

    @Test
    void shouldStayInOneChunkWhenWindowOfFewSlides() {
        for (int t = 0; t < 1_000; t++) {
            add(t);
            store.evictBefore(entry, t - 9);
            assertThat(StoreInspector.chunkCount(store, entry)).isLessThanOrEqualTo(1);
        }

        assertThat(store.count(entry)).isEqualTo(10);
    }

    @Test
    void shouldFreeWholeChunksWhenTheyExpire() {
        addRange(1, 130);

        assertThat(store.evictBefore(entry, 100)).isEqualTo(99);

        assertThat(StoreInspector.chunkCount(store, entry)).isEqualTo(3);
        assertThat(store.oldest(entry)).isEqualTo(100);
        StoreInspector.checkChunks(store, List.of(entry));
    }

    @Test
    void shouldReuseChunksWhenWindowSlidesForLong() {
        for (int t = 0; t < 1_000_000; t++) {
            add(t);
            store.evictBefore(entry, t - 1_000);
        }

        assertThat(store.pool().supply().reservedBytes()).isEqualTo(BLOCK_BYTES);
        assertThat(store.pool().supply().touchedChunks()).isLessThan(80 + ChunkSupply.RUN);
    }

    @Test
    void shouldDropOldestWhenBudgetIsExhausted() {
        TimestampStore small = new TimestampStore(new RetentionBudget(3, 1), new ChunkSupply(false));
        for (int t = 1; t <= 3; t++) {
            assertThat(small.add(entry, t)).isZero();
        }

        assertThat(small.add(entry, 4)).isEqualTo(1);

        assertThat(small.truncatedNanos()).isEqualTo(1);
        assertThat(StoreInspector.contentOf(small, entry)).containsExactly(2, 3, 4);
        assertThat(small.live()).isEqualTo(3);
    }

    @Test
    void shouldDropAddedOneWhenItIsOldestAndBudgetIsExhausted() {
        TimestampStore small = new TimestampStore(new RetentionBudget(3, 1), new ChunkSupply(false));
        for (int t = 11; t <= 13; t++) {
            small.add(entry, t);
        }

        assertThat(small.add(entry, 10)).isEqualTo(1);

        assertThat(small.truncatedNanos()).isEqualTo(10);
        assertThat(StoreInspector.contentOf(small, entry)).containsExactly(11, 12, 13);
    }

    @Test
    void shouldKeepOneForEachKeyWhenBudgetIsExhausted() {
        TimestampStore small = new TimestampStore(new RetentionBudget(1, 1), new ChunkSupply(false));
        small.add(entry, 1);
        TestEntry other = new TestEntry(1);

        assertThat(small.add(other, 2)).isZero();
        assertThat(small.add(other, 3)).isEqualTo(1);

        assertThat(StoreInspector.contentOf(small, other)).containsExactly(3);
        assertThat(small.live()).isEqualTo(2);
    }

    @Test
    void shouldRefuseAndStayIntactWhenChunksRunOut() {
        TimestampStore small = new TimestampStore(new RetentionBudget(1_000_000, 1), new ChunkSupply(1, false));
        for (int t = 0; t < TIMESTAMPS_PER_BLOCK; t++) {
            small.add(entry, t);
        }
        TestEntry other = new TestEntry(1);
        small.add(other, 1);
        small.add(other, 2);

        assertThatIllegalStateException().isThrownBy(() -> small.add(entry, TIMESTAMPS_PER_BLOCK));
        assertThatIllegalStateException().isThrownBy(() -> small.add(entry, -1));
        assertThatIllegalStateException().isThrownBy(() -> small.add(entry, 100));
        assertThatIllegalStateException().isThrownBy(() -> small.add(other, 3));

        assertThat(small.count(entry)).isEqualTo(TIMESTAMPS_PER_BLOCK);
        assertThat(StoreInspector.contentOf(small, other)).containsExactly(1, 2);
        StoreInspector.checkChunks(small, List.of(entry, other));
        small.evictBefore(entry, 15);
        small.add(other, 3);
        assertThat(StoreInspector.contentOf(small, other)).containsExactly(1, 2, 3);
    }

    /** 5 bytes in a full chunk. The rest is what the first and the last chunk of a key have free. */
    @ParameterizedTest
    @CsvSource({"1000, 5.0", "100, 5.8", "10, 6.4"})
    void shouldTakeAboutFiveBytesEachWhenInOrder(int perKey, double most) {
        int keys = 1_000_000 / perKey;
        TestEntry[] entries = entries(keys);
        for (int t = 0; t < 2 * perKey; t++) { // the first half expires
            for (TestEntry each : entries) {
                store.evictBefore(each, t - perKey + 1);
                store.add(each, t);
            }
        }

        assertThat(store.live()).isEqualTo((long) keys * perKey);
        assertThat((double) chunkBytes(entries) / store.live()).isLessThanOrEqualTo(most);
    }

    @Test
    void shouldTakeAtMostSixAndAHalfBytesEachWhenOrderIsRandom() {
        SplittableRandom random = new SplittableRandom(1);
        for (int i = 0; i < 20_000; i++) {
            add(random.nextInt(1_000_000));
        }

        assertThat((double) chunkBytes(entry) / store.live()).isLessThanOrEqualTo(6.5);
        StoreInspector.checkChunks(store, List.of(entry));
    }

    /** From the last to the first, each second one of the full chunks gets one more in its middle. */
    @Test
    void shouldTakeAtMostSevenAndAHalfBytesEachWhenOrderIsWorstWithoutLongGaps() {
        for (int t = 0; t < 13_000; t++) {
            add(10L * t);
        }
        for (int t = 13_000 - 20; t > 0; t -= 26) {
            add(10L * t + 5);
        }

        assertThat((double) chunkBytes(entry) / store.live()).isBetween(7.0, 7.5);
        StoreInspector.checkChunks(store, List.of(entry));
    }

    private long chunkBytes(TestEntry... entries) {
        long bytes = 0;
        for (TestEntry each : entries) {
            bytes += StoreInspector.chunkCount(store, each) * (long) Chunks.BYTES;
        }
        return bytes;
    }

    @Test
    void shouldAllocateNothingWhenWindowsSlide() {
        TestEntry[] entries = entries(100);
        slide(entries, 0, 300);
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        threads.getCurrentThreadAllocatedBytes();
        long before = threads.getCurrentThreadAllocatedBytes();

        slide(entries, 300, 3_000);

        assertThat(threads.getCurrentThreadAllocatedBytes() - before).isLessThan(1_000);
    }

    private void slide(TestEntry[] entries, int from, int to) {
        for (int t = from; t < to; t++) {
            for (TestEntry each : entries) {
                store.add(each, t - (each.id + t) % 20);
                store.evictBefore(each, t - 100 - each.id);
            }
        }
    }

    private static TestEntry[] entries(int count) {
        TestEntry[] entries = new TestEntry[count];
        for (int i = 0; i < count; i++) {
            entries[i] = new TestEntry(i);
        }
        return entries;
    }

    private void add(long... timestamps) {
        for (long t : timestamps) {
            assertThat(store.add(entry, t)).isZero();
        }
    }

    private void addRange(int first, int last) {
        for (int t = first; t <= last; t++) {
            add(t);
        }
    }

    private void assertContent(long... expected) {
        assertThat(StoreInspector.contentOf(store, entry)).containsExactly(expected);
        assertThat(store.oldest(entry)).isEqualTo(expected[0]);
        assertThat(store.newest(entry)).isEqualTo(expected[expected.length - 1]);
        assertThat(store.live()).isEqualTo(expected.length);
    }
}
