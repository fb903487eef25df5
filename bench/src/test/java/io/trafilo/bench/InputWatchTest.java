package io.trafilo.bench;

import static org.assertj.core.api.Assertions.assertThat;

import io.trafilo.Counter;
import io.trafilo.Ledger;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class InputWatchTest {
    private static final long SECOND = 1_000_000_000;

    private final InputWatch watch = new InputWatch(ledger(Map.of()), 0, "the key ends at the first space");

    private static Ledger ledger(Map<Counter, Long> values) {
        return new Ledger() {
            @Override
            public boolean isKnown(Counter counter) {
                return true;
            }

            @Override
            public long count(Counter counter) {
                return values.getOrDefault(counter, 0L);
            }

            @Override
            public boolean isConserved() {
                return true;
            }

            @Override
            public List<String> imbalances() {
                return List.of();
            }

            @Override
            public Map<String, Long> asMap() {
                Map<String, Long> map = new LinkedHashMap<>();
                Stream.of(Counter.values()).forEach(counter -> map.put(counter.label(), count(counter)));
                return map;
            }
        };
    }

    @Test
    void shouldSayWhyWhenNoDatagramBecomesAnEvent() {
        Map<Counter, Long> all = Map.of(Counter.RECEIVED, 12_000L, Counter.MALFORMED, 12_000L);
        assertThat(watch.look(ledger(all), SECOND).complaint())
                .isEqualTo("12,000 received, 12,000 malformed: the key ends at the first space");
    }

    @Test
    void shouldNameEachReasonAndWhatTheCallerCanSet() {
        Map<Counter, Long> some =
                Map.of(Counter.RECEIVED, 5L, Counter.FILTERED, 2L, Counter.KEY_REFUSED, 1L, Counter.EMPTY, 2L);
        assertThat(watch.look(ledger(some), SECOND).complaint())
                .isEqualTo(
                        "5 received, 2 empty, 2 filtered, 1 keyRefused: senders must be in a network of --allow; there are"
                                + " as many keys as --max-keys allows");
    }

    @Test
    void shouldBeSilentWhenSomeBecomeEventsOrNothingCame() {
        Map<Counter, Long> mixed = Map.of(Counter.RECEIVED, 9L, Counter.MALFORMED, 8L, Counter.HANDLED, 1L);
        assertThat(watch.look(ledger(mixed), SECOND).complaint()).isEmpty();
        assertThat(watch.look(ledger(mixed), 2 * SECOND).complaint()).isEmpty();
    }

    @Test
    void shouldBeSilentWhileDatagramsWaitInTheRing() {
        assertThat(watch.look(ledger(Map.of(Counter.RECEIVED, 9L)), SECOND).complaint())
                .isEmpty();
    }

    @Test
    void shouldTellRatesSinceTheLookBeforeAndLossesSinceTheBeginning() {
        watch.look(ledger(Map.of(Counter.RECEIVED, 100L, Counter.MALFORMED, 7L)), SECOND);
        Map<Counter, Long> later =
                Map.of(Counter.RECEIVED, 300L, Counter.HANDLED, 50L, Counter.MALFORMED, 7L, Counter.KERNEL_DROPPED, 3L);
        InputWatch.Look look = watch.look(ledger(later), 3 * SECOND);
        assertThat(look.receivedPerSecond()).isEqualTo(100);
        assertThat(look.handledPerSecond()).isEqualTo(25);
        assertThat(look.lostByLayer()).containsEntry("kernel", 3L).containsEntry("parser", 7L);
    }
}
