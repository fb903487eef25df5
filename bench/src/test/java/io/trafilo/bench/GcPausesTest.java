package io.trafilo.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import org.junit.jupiter.api.Test;

class GcPausesTest {
    @Test
    void shouldSeeAPauseOfItsTimeOnlyWhenMemoryIsCollected() {
        try (GcPauses pauses = new GcPauses(() -> false)) {
            Instant before = Instant.now();
            System.gc();
            Instant after = Instant.now();

            GcPauses.Millis seen = pauses.between(before, after);
            assertThat(seen.longest()).isPositive();
            assertThat(seen.total()).isGreaterThanOrEqualTo(seen.longest());
            assertThat(pauses.between(before.minusSeconds(60), before.minusSeconds(30)))
                    .isEqualTo(new GcPauses.Millis(0, 0));
        }
    }
}
