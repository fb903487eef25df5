package io.trafilo.window;

import static org.assertj.core.api.Assertions.assertThat;

import io.trafilo.testing.Parts;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class TimerSpokesTest {
    private static final int SPOKE = 5;
    private static final long DEADLINE = 100;

    private final TimerBlocks blocks = new TimerBlocks(4);
    private final TimerSpokes spokes = new TimerSpokes(blocks);
    private final DueTimers due = new DueTimers(blocks);
    private final List<TestEntry> entries = new ArrayList<>();

    private void add(int count) {
        blocks.reserve(entries.size() + count);
        for (int i = 0; i < count; i++) {
            TestEntry entry = new TestEntry(entries.size());
            entry.deadlineNanos = DEADLINE;
            entries.add(entry);
            spokes.add(entry, SPOKE);
        }
    }

    private List<Integer> drain() {
        List<Integer> ids = new ArrayList<>();
        spokes.moveDue(SPOKE, DEADLINE, due);
        while (due.count() > 0) {
            ids.add(((TestEntry) due.remove()).id);
        }
        return ids;
    }

    @Test
    void shouldKnowWhichSpokesAreInUse() {
        add(1);
        TestEntry elsewhere = new TestEntry(-1);
        blocks.reserve(2);
        spokes.add(elsewhere, SPOKE + 2);
        assertThat(spokes.used()).isEqualTo(1L << SPOKE | 1L << (SPOKE + 2));

        spokes.remove(entries.get(0), SPOKE);
        assertThat(spokes.used()).isEqualTo(1L << (SPOKE + 2));

        spokes.remove(elsewhere, SPOKE + 2);
        assertThat(spokes.used()).isZero();
    }

    @Test
    void shouldStayInUseWhenOneOfItsBlocksIsEmpty() {
        add(TimerBlock.CAPACITY + 1);
        spokes.remove(entries.get(TimerBlock.CAPACITY), SPOKE);

        assertThat(spokes.used()).isEqualTo(1L << SPOKE);
        assertThat(drain()).hasSize(TimerBlock.CAPACITY);
        assertThat(spokes.used()).isZero();
    }

    /** The last entry of the first block takes the place that becomes empty, wherever that is. */
    @Test
    void shouldKeepAllOthersWhenAnyOneIsRemoved() {
        int count = TimerBlock.CAPACITY + 3;
        for (int removed = 0; removed < count; removed++) {
            entries.clear();
            add(count);
            spokes.remove(entries.get(removed), SPOKE);

            TestEntry gone = entries.remove(removed);
            assertThat(drain())
                    .as("after the removal of %d", removed)
                    .containsExactlyInAnyOrderElementsOf(
                            entries.stream().map(entry -> entry.id).toList())
                    .doesNotContain(gone.id);
        }
    }

    @Test
    void shouldLeaveNoReferenceToWhatIsGone() throws Exception {
        add(3);
        spokes.remove(entries.get(2), SPOKE);
        spokes.remove(entries.get(0), SPOKE);

        TimerBlock first = spokes.first(SPOKE);
        assertThat(first).isNotNull();
        assertThat((Object[]) Parts.partOf(first, "entries"))
                .containsOnlyOnce(entries.get(1))
                .containsOnly(entries.get(1), null);
    }
}
