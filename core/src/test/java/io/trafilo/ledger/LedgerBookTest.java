package io.trafilo.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

class LedgerBookTest {
    private final LedgerBook book = new LedgerBook();

    @Test
    void shouldSumAllRows() {
        book.openRow().add(Counter.PARSED, 3);
        book.openRow().add(Counter.PARSED, 4);
        book.shared().addShared(Counter.PARSED, 5);
        assertThat(book.sum(Counter.PARSED)).isEqualTo(12);
        assertThat(book.sums()[Counter.PARSED.ordinal()]).isEqualTo(12);
        assertThat(book.sums()).hasSize(Counter.COUNT);
    }

    @Test
    void shouldKeepTheCountsOfARetiredRowOnce() {
        CounterRow row = book.openRow();
        for (Counter counter : Counter.values()) {
            row.add(counter, 1 + counter.ordinal());
        }
        book.retire(row);
        book.retire(row);
        for (Counter counter : Counter.values()) {
            assertThat(book.sum(counter)).isEqualTo(1 + counter.ordinal());
        }
    }

    @Test
    void shouldNeverShowAnOutcomeWithoutItsCauseWhenLookedAtWhileItMoves() throws InterruptedException {
        AtomicBoolean stop = new AtomicBoolean();
        CounterRow row = book.openRow();
        Thread writer = new Thread(() -> {
            while (!stop.get()) {
                row.increment(Counter.EMITTED);
                row.increment(Counter.PARSED);
                row.increment(Counter.EVENTS);
                row.increment(Counter.HANDLED);
            }
        });
        writer.start();
        long looks = 0;
        long[] sums = book.sums();
        while (looks < 200_000 || sums[Counter.HANDLED.ordinal()] == 0) {
            assertThat(sums[Counter.HANDLED.ordinal()]).isLessThanOrEqualTo(sums[Counter.EVENTS.ordinal()]);
            assertThat(sums[Counter.PARSED.ordinal()]).isLessThanOrEqualTo(sums[Counter.EMITTED.ordinal()]);
            sums = book.sums();
            looks++;
        }
        stop.set(true);
        writer.join();
    }

    @Test
    void shouldGiveAnOutcomeToWhatIsHeldWhenWorkersAreLeft() {
        CounterRow row = book.openRow();
        row.add(Counter.PUBLISHED, 10);
        row.add(Counter.EMITTED, 5);
        row.add(Counter.PARSED, 7);
        row.add(Counter.PARSE_FAILED, 1);
        row.add(Counter.MALFORMED, 1);
        row.add(Counter.ABANDONED, 2);
        row.add(Counter.EVENTS, 20);
        row.add(Counter.HANDLED, 11);
        row.add(Counter.HANDLER_FAILED, 3);
        row.add(Counter.KEY_REFUSED, 2);
        row.add(Counter.EMISSIONS_DUE, 9);
        row.add(Counter.DELIVERED, 7);
        row.add(Counter.SINK_FAILED, 1);

        long[] sums = book.finalSums(false, true);

        assertThat(sums[Counter.ABANDONED.ordinal()]).isEqualTo(6);
        assertThat(sums[Counter.HANDLER_FAILED.ordinal()]).isEqualTo(7);
        assertThat(sums[Counter.SINK_FAILED.ordinal()]).isEqualTo(2);
        assertThat(book.finalSums(true, false)[Counter.ABANDONED.ordinal()]).isEqualTo(2);
    }

    @Test
    void shouldDiscardWhatIsHeldWhenListenersAreLeft() {
        CounterRow row = book.openRow();
        row.add(Counter.RECEIVED, 100);
        row.add(Counter.PUBLISHED, 50);
        row.add(Counter.EMPTY, 1);
        row.add(Counter.OVERSIZED, 2);
        row.add(Counter.FILTERED, 3);
        row.add(Counter.SHED, 4);
        row.add(Counter.DISCARDED_AT_CLOSE, 5);
        assertThat(book.finalSums(true, true)[Counter.DISCARDED_AT_CLOSE.ordinal()])
                .isEqualTo(40);
        assertThat(book.finalSums(false, true)[Counter.DISCARDED_AT_CLOSE.ordinal()])
                .isEqualTo(5);
    }
}
