package io.trafilo.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import io.trafilo.Counter;
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
        assertThat(book.sums()[Counter.PARSED.id()]).isEqualTo(12);
        assertThat(book.sums()).hasSize(Counter.values().length);
    }

    @Test
    void shouldKeepTheCountsOfARetiredRowOnce() {
        CounterRow row = book.openRow();
        for (Counter counter : Counter.values()) {
            row.add(counter, 1 + counter.id());
        }
        book.retire(row);
        book.retire(row);
        for (Counter counter : Counter.values()) {
            assertThat(book.sum(counter)).isEqualTo(1 + counter.id());
        }
    }

    @Test
    void shouldNotKnowACounterWhileARowDoesNotAndForGoodOnceThatIsRetired() {
        CounterRow row = book.openRow();
        CounterRow other = book.openRow();
        row.setKnown(Counter.KERNEL_DROPPED, false);
        assertThat(atClose(false, false).isKnown(Counter.RECEIVED)).isTrue();
        assertThat(isKernelDroppedKnown()).isFalse();
        row.setKnown(Counter.KERNEL_DROPPED, true);
        assertThat(isKernelDroppedKnown()).isTrue();
        other.setKnown(Counter.KERNEL_DROPPED, false);
        book.retire(row);
        assertThat(isKernelDroppedKnown()).isFalse();
        book.retire(other);
        assertThat(isKernelDroppedKnown()).isFalse();
        assertThat(book.sum(Counter.KERNEL_DROPPED)).isZero();
    }

    private boolean isKernelDroppedKnown() {
        LedgerSnapshot ledger = atClose(false, false);
        assertThat(ledger.toString().contains("unknown")).isEqualTo(!ledger.isKnown(Counter.KERNEL_DROPPED));
        return ledger.isKnown(Counter.KERNEL_DROPPED);
    }

    @Test
    void shouldNeverShowAnOutcomeWithoutItsCauseWhenLookedAtWhileItMoves() throws InterruptedException {
        AtomicBoolean stop = new AtomicBoolean();
        CounterRow row = book.openRow();
        Thread writer = new Thread(() -> {
            while (!stop.get()) {
                row.increment(Counter.OFFERED);
                row.increment(Counter.PARSED);
                row.increment(Counter.EVENTS);
                row.increment(Counter.HANDLED);
            }
        });
        writer.start();
        long looks = 0;
        long[] sums = book.sums();
        while (looks < 200_000 || sums[Counter.HANDLED.id()] == 0) {
            assertThat(sums[Counter.HANDLED.id()]).isLessThanOrEqualTo(sums[Counter.EVENTS.id()]);
            assertThat(sums[Counter.PARSED.id()]).isLessThanOrEqualTo(sums[Counter.OFFERED.id()]);
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
        row.add(Counter.OFFERED, 5);
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

        LedgerSnapshot ledger = atClose(false, true);

        assertThat(ledger.count(Counter.ABANDONED)).isEqualTo(6);
        assertThat(ledger.count(Counter.HANDLER_FAILED)).isEqualTo(7);
        assertThat(ledger.count(Counter.SINK_FAILED)).isEqualTo(2);
        assertThat(atClose(true, false).count(Counter.ABANDONED)).isEqualTo(2);
    }

    private LedgerSnapshot atClose(boolean listenersLeft, boolean workersLeft) {
        return LedgerSnapshot.atClose(book.sums(), listenersLeft, workersLeft, 77, 88)
                .withUnknown(book.unknown());
    }

    /** Nobody can look at windows that still move. */
    @Test
    void shouldTakeWhatIsAliveFromTheCountersWhenWorkersAreLeft() {
        CounterRow row = book.openRow();
        row.add(Counter.TIMESTAMPS_ADDED, 100);
        row.add(Counter.EXPIRED, 20);
        row.add(Counter.TRUNCATED, 3);
        row.add(Counter.DISPOSED_WITH_KEY, 7);
        row.add(Counter.KEYS_CREATED, 10);
        row.add(Counter.KEYS_DISPOSED, 4);
        assertThat(atClose(true, true).count(Counter.LIVE_TIMESTAMPS)).isEqualTo(70);
        assertThat(atClose(true, true).count(Counter.LIVE_KEYS)).isEqualTo(6);
        assertThat(atClose(true, false).count(Counter.LIVE_TIMESTAMPS)).isEqualTo(77);
        assertThat(atClose(true, false).count(Counter.LIVE_KEYS)).isEqualTo(88);
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
        assertThat(atClose(true, true).count(Counter.DISCARDED_AT_CLOSE)).isEqualTo(40);
        assertThat(atClose(false, true).count(Counter.DISCARDED_AT_CLOSE)).isEqualTo(5);
    }
}
