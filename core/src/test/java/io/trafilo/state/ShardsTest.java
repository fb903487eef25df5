package io.trafilo.state;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.trafilo.Counter;
import io.trafilo.ErrorListener.Stage;
import io.trafilo.Key;
import io.trafilo.aggregate.AggregateRules;
import io.trafilo.failures.Failures;
import io.trafilo.failures.Progress;
import io.trafilo.ledger.CounterRow;
import io.trafilo.ledger.LedgerBook;
import io.trafilo.ledger.LossHistory;
import io.trafilo.testing.Parts;
import io.trafilo.window.ChunkSupply;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What the threads that look at the shards see of the one that works on them, and the end of the shards. */
@Timeout(60)
class ShardsTest {
    private static final long START = 1_000;
    private static final long SIZE = 100;
    private static final long SLIDE = 10;
    private static final long IDLE = 50;

    /** One callback: what the guard would have seen of it, and the number of the hold of its shard. */
    private record Call(Stage stage, String key, long hold) {}

    private final List<Call> calls = new ArrayList<>();
    private @Nullable Stage failing;
    private final LedgerBook book = new LedgerBook();
    private final CounterRow row = book.openRow();
    private final Failures failures = new Failures(
            (stage, key, error) -> {
                throw new AssertionError("heard of " + error);
            },
            book.shared(),
            error -> {
                throw new AssertionError("stopped for " + error);
            },
            Runnable::run);
    private final ShardAccess access = new ShardAccess(row, failures, new LossHistory(book, SIZE, START));
    private final Shards<String> shards = new Shards<>(
            2,
            new Callbacks<>(
                    key -> {
                        called(key, Stage.STATE_FACTORY);
                        return "state of " + key;
                    },
                    (event, state) -> called(event.key(), Stage.HANDLER),
                    (window, state) -> called(window.key(), Stage.SINK),
                    (key, state) -> called(key, Stage.DISPOSER)),
            new WindowRules(SIZE, SLIDE, false, true, IDLE),
            100,
            1_000,
            START,
            SECONDS.toNanos(1_000));

    private void called(Key key, Stage expected) {
        Stage seen = Progress.stageOf(access.word());
        assertThat(seen).isEqualTo(expected);
        assertThat(access.key(expected)).isEqualTo(key);
        calls.add(new Call(expected, key.toString(), hold(key)));
        if (expected == failing) {
            throw new OutOfMemoryError("on purpose");
        }
    }

    /** Lets a callback fail in such a way that an error leads out of the shards as well. */
    private void whileFailing(Stage stage, ThrowingCallable action) {
        failing = stage;
        assertThatThrownBy(action).hasMessage("stopped for java.lang.OutOfMemoryError: on purpose");
        failing = null;
        assertThat(calls).last().extracting(Call::stage).isEqualTo(stage);
        calls.clear();
        access.takeOutcomePending();
        access.exit();
    }

    /** The keys a... are in the first shard, the others in the second. */
    private static long hash(Key key) {
        return key.toString().startsWith("a") ? (key.hashCode() & 0xFF) : Long.MIN_VALUE | (key.hashCode() & 0xFF);
    }

    private long hold(Key key) {
        try {
            Shard<?>[] all = (Shard<?>[]) Parts.partOf(shards, "shards");
            return (long) Parts.partOf(all[hash(key) < 0 ? 1 : 0].lock, "hold");
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(e);
        }
    }

    private void update(String name, long nowNanos) {
        byte[] bytes = name.getBytes(StandardCharsets.ISO_8859_1);
        access.beginEvent().wrap(bytes, 0, bytes.length, bytes, bytes.length, 0, nowNanos, nowNanos);
        shards.update(access, hash(Key.of(name)), nowNanos);
        assertThat(access.takeOutcomePending()).isFalse();
    }

    private List<Stage> stages() {
        return calls.stream().map(Call::stage).toList();
    }

    private void whileHeld(int shard, Runnable action) {
        ShardHolder holder = new ShardHolder(shards, shard);
        try {
            action.run();
        } finally {
            holder.letGo();
        }
    }

    private boolean isIdle(Progress progress) {
        return Progress.stageOf(progress.word()) == null;
    }

    @Test
    void shouldShowEachCallbackWithItsKeyAndBeginAHoldForEach() {
        assertThat(shards.startNanos()).isEqualTo(START);
        update("a1", START);
        assertThat(stages()).containsExactly(Stage.STATE_FACTORY, Stage.HANDLER, Stage.SINK);
        assertThat(isIdle(access)).isTrue();

        shards.pollTimers(access, START + IDLE, START + IDLE, Long.MAX_VALUE);

        assertThat(stages()).last().isEqualTo(Stage.DISPOSER);
        assertThat(isIdle(access)).isTrue();
        assertThat(calls.stream().map(Call::hold).toList())
                .doesNotHaveDuplicates()
                .isSorted();
        assertThat(calls).extracting(Call::key).containsOnly("a1");
    }

    @ParameterizedTest
    @EnumSource(names = {"HANDLER", "SINK"})
    void shouldForgetAKeyInTheEndThoughAnErrorLedOutOfItsEvent(Stage stage) {
        whileFailing(stage, () -> update("a1", START));

        assertThat(shards.pollTimers(access, START, START, START + 90)).isLessThanOrEqualTo(START + IDLE);
        shards.pollTimers(access, START + IDLE, START + IDLE, START + 90);

        assertThat(stages()).containsExactly(Stage.DISPOSER);
        assertThat(shards.liveKeys()).isZero();
    }

    @Test
    void shouldForgetAKeyInTheEndThoughAnErrorLedOutOfItsTimer() {
        update("a1", START);
        whileFailing(Stage.SINK, () -> shards.pollTimers(access, START + SLIDE, START + SLIDE, START + 90));

        shards.pollTimers(access, START + IDLE, START + IDLE, START + 90);

        assertThat(stages()).containsExactly(Stage.DISPOSER);
        assertThat(shards.liveKeys()).isZero();
    }

    @Test
    void shouldForgetAKeyOnceThoughAnErrorLedOutOfItsDisposal() {
        update("a1", START);
        whileFailing(Stage.DISPOSER, () -> shards.pollTimers(access, START + IDLE, START + IDLE, START + 90));

        shards.pollTimers(access, START + 2 * IDLE, START + 2 * IDLE, START + 3 * IDLE);

        assertThat(stages()).isEmpty();
        assertThat(row.get(Counter.KEYS_DISPOSED)).isEqualTo(1);
        assertThat(shards.liveKeys()).isZero();
    }

    @Test
    void shouldSayWhenTimersAreToBePolledAgain() {
        assertThat(shards.pollTimers(access, START, START, START + 7))
                .as("no timers")
                .isEqualTo(START + 7);
        update("a1", START);
        update("b1", START + 3);
        assertThat(shards.pollTimers(access, START + 4, START + 4, START + 90)).isEqualTo(START + SLIDE);
        assertThat(shards.pollTimers(access, START + 4, START + 4, START + 6)).isEqualTo(START + 6);
        whileHeld(0, () -> {
            assertThat(shards.pollTimers(access, START + SLIDE, START + SLIDE, START + 90))
                    .isEqualTo(START + 3 + SLIDE);
            assertThat(stages()).filteredOn(Stage.SINK::equals).hasSize(2);
        });
        shards.pollTimers(access, START + SLIDE, START + SLIDE, START + 90);
        assertThat(stages()).filteredOn(Stage.SINK::equals).hasSize(3);
    }

    @Test
    void shouldShowVisitorsAndReadersAndBeginAHoldForEachVisit() {
        update("a1", START);
        update("a2", START);
        update("b1", START);
        Progress visitor = new Progress();
        List<Long> holds = new ArrayList<>();
        TreeSet<String> visited = new TreeSet<>();
        shards.forEach(visitor, (key, state) -> {
            assertThat(Progress.stageOf(visitor.word())).isEqualTo(Stage.ENGINE);
            assertThat(visitor.key(Stage.ENGINE)).isEqualTo(key);
            assertThat(state).isEqualTo("state of " + key);
            visited.add(key.toString());
            holds.add(hold(Key.of("a1")));
        });
        assertThat(visited).containsExactly("a1", "a2", "b1");
        assertThat(holds.subList(0, 2)).doesNotHaveDuplicates();
        assertThat(isIdle(visitor)).isTrue();

        Key key = Key.of("b1");
        String read = shards.read(visitor, key, hash(key), state -> {
            assertThat(Progress.stageOf(visitor.word())).isEqualTo(Stage.ENGINE);
            assertThat(visitor.key(Stage.ENGINE)).isEqualTo(key);
            return state;
        });
        assertThat(read).isEqualTo("state of b1");
        assertThat(isIdle(visitor)).isTrue();
    }

    @Test
    void shouldDisposeOfTheFreeShardsAndThenOfTheOthersWhileThereIsTime() {
        update("a1", START);
        update("b1", START);
        update("b2", START);
        whileHeld(0, () -> {
            assertThat(shards.disposeAll(access, System.nanoTime() + SECONDS.toNanos(1)))
                    .isFalse();
            assertThat(stages()).filteredOn(Stage.DISPOSER::equals).hasSize(2);
            assertThat(shards.liveKeys()).isEqualTo(1);
        });
        assertThat(shards.disposeAll(access, System.nanoTime() - 1))
                .as("no time")
                .isFalse();
        assertThat(shards.liveKeys()).isEqualTo(1);
        assertThat(shards.disposeAll(access, System.nanoTime() + SECONDS.toNanos(1_000)))
                .isTrue();
        assertThat(shards.disposeAll(access, System.nanoTime() + SECONDS.toNanos(1_000)))
                .isTrue();
        assertThat(stages()).filteredOn(Stage.DISPOSER::equals).hasSize(3);
        assertThat(shards.liveTimestamps()).isZero();
        assertThat(shards.pollTimers(access, START + SIZE, START + SIZE, Long.MAX_VALUE))
                .isEqualTo(Long.MAX_VALUE);
    }

    @Test
    void shouldApplyNothingWhenClosed() {
        shards.close();
        update("a1", START);

        assertThat(calls).isEmpty();
        assertThat(row.get(Counter.HANDLER_FAILED)).isEqualTo(1);
        assertThat(row.get(Counter.STALLED)).isZero();
    }

    @Test
    void shouldGiveUpAtOnceWhenInterruptedInTheClose() {
        shards.close();
        whileHeld(0, () -> {
            Thread.currentThread().interrupt();
            update("a1", START);
            assertThat(Thread.interrupted()).isTrue();
        });
        assertThat(row.get(Counter.HANDLER_FAILED)).isEqualTo(1);
        assertThat(row.get(Counter.STALLED)).isZero();
    }

    @Test
    void shouldBoundTheBytesOfTimestampsAndTimers() {
        assertThat(Shards.maxTimestampBytes(10, 300, 2, AggregateRules.NONE))
                .isPositive()
                .isEqualTo(ChunkSupply.maxBytes(ChunkSupply.maxChunks(10, 300, 2, false), false, false));
        assertThat(Shards.maxTimerBytes(10, 2)).isPositive();
    }
}
