package io.trafilo.window;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class DueTimersTest {
    private static final int COUNT = 2 * TimerBlock.CAPACITY + 3;

    private final TimerBlocks blocks = new TimerBlocks(1);
    private final DueTimers due = new DueTimers(blocks);
    private final List<Integer> shown = new ArrayList<>();
    private final TimerWheel.Handler<TestEntry> handler = new TimerWheel.Handler<>() {
        @Override
        public long onTimer(TestEntry entry, long nowNanos) {
            throw new AssertionError("fired: " + entry);
        }

        @Override
        public void beforeTimer(TestEntry entry) {
            shown.add(entry.id);
        }
    };

    private static List<Integer> ids(int from, int to) {
        return IntStream.range(from, to).boxed().toList();
    }

    private void addAll() {
        blocks.reserve(COUNT);
        for (int i = 0; i < COUNT; i++) {
            due.add(new TestEntry(i));
        }
    }

    @Test
    void shouldShowTheNextOnesInTheirOrder() {
        addAll();
        for (int limit = 0; limit <= COUNT; limit++) {
            shown.clear();
            due.readAhead(limit, handler);
            assertThat(shown).as("limit %d", limit).isEqualTo(ids(0, limit));
        }
    }

    @Test
    void shouldShowWhatIsLeftWhenSomeAreGone() {
        addAll();
        for (int gone = 0; gone < COUNT; gone++) {
            shown.clear();
            due.readAhead(COUNT, handler);
            assertThat(shown).as("%d gone", gone).isEqualTo(ids(gone, COUNT));
            assertThat(((TestEntry) due.remove()).id).isEqualTo(gone);
            assertThat(due.count()).isEqualTo(COUNT - gone - 1);
        }
    }
}
