package io.trafilo.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import org.junit.jupiter.api.Test;

class KeySequenceTest {
    private static final int DRAWS = 1 << 20;

    private static int[] draw(KeySequence sequence, int count) {
        int[] keys = new int[count];
        Arrays.setAll(keys, i -> sequence.next());
        return keys;
    }

    private static int[] histogram(KeySequence sequence, int keyCount) {
        int[] counts = new int[keyCount];
        for (int i = 0; i < DRAWS; i++) {
            counts[sequence.next()]++;
        }
        return counts;
    }

    @Test
    void shouldRepeatWhenSeedIsTheSame() {
        assertThat(draw(KeySequence.uniform(10_000, 7), 5_000)).isEqualTo(draw(KeySequence.uniform(10_000, 7), 5_000));
        assertThat(draw(KeySequence.zipf(10_000, 0.99, 7), 5_000))
                .isEqualTo(draw(KeySequence.zipf(10_000, 0.99, 7), 5_000));
    }

    @Test
    void shouldDifferWhenSeedDiffers() {
        assertThat(draw(KeySequence.uniform(10_000, 7), 5_000))
                .isNotEqualTo(draw(KeySequence.uniform(10_000, 8), 5_000));
        assertThat(draw(KeySequence.zipf(10_000, 0.99, 7), 5_000))
                .isNotEqualTo(draw(KeySequence.zipf(10_000, 0.99, 8), 5_000));
    }

    @Test
    void shouldDrawEachKeyAlikeWhenUniform() {
        for (int count : histogram(KeySequence.uniform(64, 1), 64)) {
            assertThat(count).isBetween(DRAWS / 64 * 95 / 100, DRAWS / 64 * 105 / 100);
        }
    }

    @Test
    void shouldFollowThePowerLawWhenZipf() {
        double exponent = 0.99;
        int[] counts = histogram(KeySequence.zipf(1_000, exponent, 1), 1_000);
        double sum = 0;
        for (int rank = 1; rank <= 1_000; rank++) {
            sum += Math.pow(rank, -exponent);
        }
        for (int rank : new int[] {1, 2, 3, 10, 50}) {
            double expected = DRAWS * Math.pow(rank, -exponent) / sum;
            assertThat(counts[rank - 1] / expected).as("rank %d", rank).isBetween(0.93, 1.07);
        }
        assertThat(Arrays.stream(counts).sum()).isEqualTo(DRAWS);
    }

    @Test
    void shouldDrawTheOnlyKeyWhenThereIsOne() {
        assertThat(draw(KeySequence.uniform(1, 1), 100)).containsOnly(0);
        assertThat(draw(KeySequence.zipf(1, 2, 1), 100)).containsOnly(0);
    }
}
