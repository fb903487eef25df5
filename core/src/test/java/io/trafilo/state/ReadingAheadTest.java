package io.trafilo.state;

import static org.assertj.core.api.Assertions.assertThat;

import io.trafilo.Counter;
import io.trafilo.Key;
import io.trafilo.failures.Failures;
import io.trafilo.ledger.CounterRow;
import io.trafilo.ledger.LedgerBook;
import io.trafilo.ledger.LossHistory;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Two workers fill a shard and forget its keys, while a third thread reads ahead. It must neither throw nor hang. */
@Timeout(120)
class ReadingAheadTest {
    private static final int ROUNDS = 100;
    private static final int KEYS_EACH = 300;
    private static final int KEYS = 2 * KEYS_EACH;
    private static final WindowRules RULES = new WindowRules(1_000_000_000, 1_000_000_000, false, true, 1_000_000);

    private final LedgerBook book = new LedgerBook();
    private final LossHistory losses = new LossHistory(book, 1, 0);
    private final AtomicInteger astray = new AtomicInteger();
    private final byte[] bytes = new byte[KEYS * Integer.BYTES];
    private final long[] hashes = new long[KEYS];
    private long forgotten;

    private ShardAccess access(CounterRow row) {
        Failures failures = new Failures((stage, key, error) -> {}, row, error -> {}, Runnable::run);
        return new ShardAccess(row, failures, losses);
    }

    private void count(Key key, Key state) {
        astray.addAndGet(state.equals(key) ? 0 : 1);
    }

    @Test
    void shouldNeitherThrowNorHangWhenTwoThreadsChangeTheTable() throws Exception {
        Random random = new Random(4711);
        for (int i = 0; i < KEYS; i++) {
            ByteBuffer.wrap(bytes).putInt(i * Integer.BYTES, i);
            hashes[i] = random.nextLong();
            if (i >= KEYS_EACH && i % 10 == 0) { // a key of the other worker, equal in the lower 32 bits
                hashes[i] ^= (hashes[i] ^ hashes[i - KEYS_EACH]) & 0xFFFF_FFFFL;
            }
        }
        ExecutorService threads = Executors.newFixedThreadPool(3);
        try {
            for (int round = 0; round < ROUNDS; round++) {
                oneRound(threads);
            }
        } finally {
            threads.shutdownNow();
        }
        assertThat(astray).hasValue(0);
        assertThat(forgotten).isGreaterThan(ROUNDS);
    }

    @Test
    void shouldGiveEachEventThePlaceOfItsKey() {
        Shards<Key> shards = new Shards<>(1, new Callbacks<>(key -> key, null, null, null), RULES, KEYS, KEYS, 0, 1);
        ShardAccess access = access(new CounterRow());
        for (int i = 0; i < 2 * ShardAccess.AHEAD; i++) {
            bytes[i] = (byte) i;
            hashes[i] = i * 0x9E37_79B9L;
            access.beginEvent().wrap(bytes, i, 1, bytes, i, 0, 0, 0);
            shards.update(access, hashes[i], 0);
        }
        for (int turn = 0; turn < 2; turn++) {
            shards.readAhead(access, hashes, 5, ShardAccess.AHEAD);
            for (int i = 5; i < 5 + ShardAccess.AHEAD; i++) {
                assertThat(access.takePlace()).isEqualTo(i + 1); // in the order in which the keys came
            }
            assertThat(access.takePlace()).isEqualTo(KeyTable.NOWHERE);
        }
        shards.touch(access, hashes, 0, 1);
        assertThat(access.takePlace()).as("with few keys").isEqualTo(KeyTable.NOWHERE);
    }

    private void oneRound(ExecutorService threads) throws Exception {
        Callbacks<Key> callbacks = new Callbacks<>(key -> key, (event, state) -> count(event.key(), state), null, null);
        Shards<Key> shards = new Shards<>(1, callbacks, RULES, KEYS, KEYS, 0, 60_000_000_000L);
        CounterRow first = book.openRow();
        CounterRow second = book.openRow();
        CyclicBarrier start = new CyclicBarrier(3);
        AtomicInteger working = new AtomicInteger(2);
        List<Future<?>> ends = new ArrayList<>();
        ends.add(threads.submit(() -> fill(shards, first, 0, start, working)));
        ends.add(threads.submit(() -> fill(shards, second, KEYS_EACH, start, working)));
        ends.add(threads.submit(() -> readAhead(shards, start, working)));
        for (Future<?> end : ends) {
            end.get();
        }
        assertThat(first.get(Counter.HANDLED) + second.get(Counter.HANDLED)).isEqualTo(KEYS);
        assertThat(first.get(Counter.KEYS_CREATED) + second.get(Counter.KEYS_CREATED))
                .isEqualTo(KEYS);
        forgotten += first.get(Counter.KEYS_DISPOSED) + second.get(Counter.KEYS_DISPOSED);
        shards.disposeAll(access(first), System.nanoTime() + 60_000_000_000L);
        assertThat(first.get(Counter.KEYS_DISPOSED) + second.get(Counter.KEYS_DISPOSED))
                .isEqualTo(KEYS);
        assertThat(shards.liveKeys()).isZero();
    }

    /** Keys come, and are forgotten some hundred events later. */
    private Void fill(Shards<Key> shards, CounterRow row, int from, CyclicBarrier start, AtomicInteger working)
            throws Exception {
        ShardAccess access = access(row);
        start.await();
        try {
            for (int i = from; i < from + KEYS_EACH; i++) {
                long now = 10_000L * (i - from);
                int key = i * Integer.BYTES;
                shards.readAhead(
                        access, hashes, i - i % 3, 2); // so that the place is the right one, another key's, or old
                access.beginEvent().wrap(bytes, key, Integer.BYTES, bytes, key, 0, now, now);
                shards.update(access, hashes[i], now);
                if (i % 20 == 0) {
                    shards.pollTimers(access, now, now, now + 1);
                }
            }
        } finally {
            working.decrementAndGet();
        }
        return null;
    }

    private Void readAhead(Shards<Key> shards, CyclicBarrier start, AtomicInteger working) throws Exception {
        ShardAccess access = access(new CounterRow());
        start.await();
        while (working.get() > 0) {
            for (int from = 0; from < KEYS; from += ShardAccess.AHEAD) {
                shards.readAhead(access, hashes, from, Math.min(ShardAccess.AHEAD, KEYS - from));
            }
        }
        return null;
    }
}
