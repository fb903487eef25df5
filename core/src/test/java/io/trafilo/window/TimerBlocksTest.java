package io.trafilo.window;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TimerBlocksTest {
    private static final int CHAINS = 4;

    private final TimerBlocks blocks = new TimerBlocks(CHAINS);

    private int takeAll() {
        int taken = 0;
        while (true) {
            try {
                blocks.take();
            } catch (AssertionError noMore) {
                return taken;
            }
            taken++;
        }
    }

    /** So many full blocks, and one that is not full for each chain that can have one. */
    @ParameterizedTest
    @CsvSource({"0, 0", "1, 1", "3, 3", "4, 4", "5, 4", "15, 4", "16, 5", "31, 5", "32, 6", "1600, 104"})
    void shouldReserveWhatTheEntriesCanNeedAndNoMore(int entries, int expected) {
        blocks.reserve(entries);

        assertThat(takeAll()).isEqualTo(expected);
    }

    @Test
    void shouldReserveForTheMostEntriesEver() {
        blocks.reserve(32);
        blocks.reserve(1);
        blocks.reserve(32);
        assertThat(takeAll()).isEqualTo(6);

        blocks.reserve(48);
        assertThat(takeAll()).isEqualTo(1);
        assertThatThrownBy(blocks::take).hasMessage("more blocks than reserved");
    }

    @Test
    void shouldFindABlockByThePlacesInIt() {
        blocks.reserve(1600);
        TimerBlock block = blocks.take();

        assertThat(blocks.at(block.place(0))).isSameAs(block);
        assertThat(blocks.at(block.place(TimerBlock.CAPACITY - 1))).isSameAs(block);
        assertThat(blocks.at(block.place(0) - 1)).isNotSameAs(block);
    }

    /** A block is 40 bytes, an array of 16 references 24 + 128, and the list of all takes three references for it. */
    @ParameterizedTest
    @CsvSource({"0, 1, 0", "1, 1, 216", "16, 1, 1080", "160, 2, 3888", "3, 2, 648"})
    void shouldBoundTheirBytes(long entries, int sets, long expected) {
        assertThat(TimerBlocks.maxBytes(entries, sets, CHAINS)).isEqualTo(expected);
    }
}
