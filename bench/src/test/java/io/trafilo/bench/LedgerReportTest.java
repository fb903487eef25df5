package io.trafilo.bench;

import static org.assertj.core.api.Assertions.assertThat;

import io.trafilo.Counter;
import io.trafilo.Ledger;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class LedgerReportTest {
    private record Fixed(boolean known, boolean isConserved) implements Ledger {
        @Override
        public long count(Counter counter) {
            return 12_345;
        }

        @Override
        public boolean isKnown(Counter counter) {
            return known || counter != Counter.KERNEL_DROPPED;
        }

        @Override
        public List<String> imbalances() {
            return List.of();
        }

        @Override
        public Map<String, Long> asMap() {
            return Map.of("received", 12_345L, "kernelDropped", 12_345L);
        }
    }

    private static String json(boolean known, boolean conserved) {
        return Json.line(LedgerReport.of(new Fixed(known, conserved)));
    }

    private static String text(boolean known, boolean conserved) {
        return LedgerReport.of(new Fixed(known, conserved)).text().replaceAll(" +", " ");
    }

    @Test
    void shouldGiveNoNumberForWhatTheSystemDoesNotTell() {
        assertThat(json(true, true)).contains("\"kernelDropped\":12345", "\"conserved\":true");
        assertThat(json(false, true))
                .contains("\"received\":12345", "\"kernelDropped\":null")
                .doesNotContain("conserved");
        assertThat(json(false, false)).contains("\"kernelDropped\":null", "\"conserved\":false");
        assertThat(text(true, true)).contains(" kernelDropped 12,345", " conserved true");
        assertThat(text(false, true)).contains(" received 12,345", " kernelDropped unknown", " conserved unknown");
        assertThat(text(false, false)).contains(" conserved false");
    }
}
