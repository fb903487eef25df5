package io.trafilo.state;

import io.trafilo.Counter;
import io.trafilo.ErrorListener.Stage;
import io.trafilo.Key;
import io.trafilo.aggregate.AggregatePool;
import io.trafilo.aggregate.AggregateRules;
import io.trafilo.failures.Progress;
import io.trafilo.window.ChunkSupply;
import io.trafilo.window.RetentionBudget;
import io.trafilo.window.TimerWheel;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.security.SecureRandom;
import java.util.BitSet;
import java.util.function.BiConsumer;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The array of shards. The upper bits of a key's hash select the shard, the lower 32 its place in the shard's table.
 * Thread-safe.
 */
public final class Shards<S extends @Nullable Object> {
    private static final VarHandle DEADLINES = MethodHandles.arrayElementVarHandle(long[].class);

    /** How many keys need no reading ahead: 2,000 were faster without, and 4,000 with it. */
    private static final int FEW_KEYS = 2048;

    /** How many timers fire under one hold of a shard's lock before its events get their turn. */
    private static final int TIMERS_PER_HOLD = 64;

    /** When to look again for timers of a shard that another thread holds. */
    private static final long HELD_SHARD_NANOS = 10_000_000;

    private final Shard<S>[] shards;
    private final int shift;
    private final KeyQuota quota;
    private final boolean followsEvents;
    private final EventTimeCheck eventTimes = new EventTimeCheck();
    private final long stallNanos;
    private final long startNanos;

    /** When each shard's next timer is due, or DISARM. Written under the shard's lock, read without. */
    private final long[] timerDeadlines;

    /**
     * Set before the states are disposed of. Checked under a shard's lock, so that no state is created after its shard's
     * disposal.
     */
    private volatile boolean closed;

    private final BooleanSupplier hurried = this::isClosed;

    /** Without aggregates. {@code stallNanos}: how long an event waits for a shard during one and the same hold of its lock. */
    public Shards(
            int count,
            Callbacks<S> callbacks,
            WindowRules rules,
            long maxKeys,
            long maxRetainedEvents,
            long nowNanos,
            long stallNanos) {
        this(
                count,
                callbacks,
                rules,
                maxKeys,
                maxRetainedEvents,
                nowNanos,
                stallNanos,
                AggregateRules.NONE,
                new KeyHash(new SecureRandom()));
    }

    /** {@code itemHash} hashes what {@code distinct} tells apart. */
    @SuppressWarnings({"unchecked", "rawtypes"}) // an array of a generic type
    public Shards(
            int count,
            Callbacks<S> callbacks,
            WindowRules rules,
            long maxKeys,
            long maxRetainedEvents,
            long nowNanos,
            long stallNanos,
            AggregateRules aggregates,
            KeyHash itemHash) {
        if (Integer.bitCount(count) != 1) {
            throw new IllegalArgumentException("shards: " + count + " (expected: a power of two)");
        }
        shards = new Shard[count];
        shift = Long.SIZE - Integer.numberOfTrailingZeros(count);
        quota = new KeyQuota(maxKeys);
        this.followsEvents = rules.followsEvents();
        this.stallNanos = stallNanos;
        this.startNanos = nowNanos;
        RetentionBudget budget = new RetentionBudget(maxRetainedEvents, count);
        AggregatePool aggregatePool = new AggregatePool(aggregates);
        ChunkSupply chunks = new ChunkSupply(aggregates.keepsValues());
        timerDeadlines = new long[count];
        for (int i = 0; i < count; i++) {
            shards[i] = new Shard<>(
                    callbacks, rules, quota, budget, chunks, aggregates, aggregatePool, itemHash, eventTimes, nowNanos);
            timerDeadlines[i] = TimerWheel.DISARM;
        }
    }

    /** The most heap that timestamps take, with their values and with 8-byte references. */
    public static long maxTimestampBytes(long maxKeys, long maxRetainedEvents, int shards, AggregateRules aggregates) {
        long chunks = ChunkSupply.maxChunks(maxKeys, maxRetainedEvents, shards, aggregates.keepsValues());
        return ChunkSupply.maxBytes(chunks, aggregates.keepsValues(), aggregates.keepsWeights());
    }

    /** The heap taken by as many timestamps as can be addressed. */
    public static long mostTimestampBytes(AggregateRules aggregates) {
        return ChunkSupply.maxBytes(ChunkSupply.MAX_CHUNKS, aggregates.keepsValues(), aggregates.keepsWeights());
    }

    /** The most heap that the table of one shard takes for so many keys, with 8-byte references. */
    public static long maxTableBytes(long keys) {
        return KeyTable.maxBytes(keys);
    }

    /** The most heap that the keys' timers take, with 8-byte references. */
    public static long maxTimerBytes(long maxKeys, int shards) {
        return TimerWheel.maxBytes(maxKeys, shards);
    }

    /**
     * The engine's time when the shards were created. Threads that poll timers count from it, because a clock may start
     * anywhere.
     */
    public long startNanos() {
        return startNanos;
    }

    /** Whether windows follow event times, which then stay on their own scale. */
    public boolean followsEvents() {
        return followsEvents;
    }

    /** What is shown the odd ones of the events' times. */
    public EventTimeCheck eventTimes() {
        return eventTimes;
    }

    private int indexOf(long hash) {
        return shards.length == 1 ? 0 : (int) (hash >>> shift); // a shift by 64 is a shift by 0
    }

    /** Applies the event of {@code access} to the state of its key, or gives it up if the shard is stalled. */
    public void update(ShardAccess access, long hash, long clockNanos) {
        int i = indexOf(hash);
        int place = access.takePlace();
        Shard<S> shard = shards[i];
        if (!shard.lock.lock(stallNanos, hurried)) {
            giveUp(access);
            return;
        }
        try {
            if (closed) {
                access.outcome(Counter.HANDLER_FAILED);
            } else if (shard.update(access, (int) hash, place, clockNanos)) {
                publishTimer(i, shard.nextTimerNanos());
            }
        } catch (Throwable error) { // an engine error
            publishTimer(i, shard.nextTimerNanos());
            throw error;
        } finally {
            shard.lock.unlock();
        }
    }

    private void giveUp(ShardAccess access) {
        access.outcome(Counter.HANDLER_FAILED);
        if (!closed) {
            access.row.increment(Counter.STALLED);
        }
    }

    /**
     * Reads what the next updates will need, with no lock and no other effect, for {@link ShardAccess#AHEAD} events at most.
     * All memory that is not in a cache is then fetched at once. The updates, one after the other, would wait for each piece
     * in turn. With few keys all of it is in a cache, and nothing is read.
     */
    public void touch(ShardAccess access, long[] hashes, int from, int count) {
        if (quota.taken() <= FEW_KEYS) {
            access.beginAhead(0);
        } else {
            readAhead(access, hashes, from, count);
        }
    }

    /** The same, however many keys there are. */
    void readAhead(ShardAccess access, long[] hashes, int from, int count) {
        int sum = 0;
        int[] places = access.beginAhead(count);
        for (int i = 0; i < count; i++) {
            long hash = hashes[from + i];
            places[i] = shards[indexOf(hash)].peek((int) hash);
        }
        // Loops of their own: what a state refers to would have to wait for the table.
        for (int i = 0; i < count; i++) {
            KeyState<S> entry = shards[indexOf(hashes[from + i])].at(places[i]);
            sum += entry == null ? 0 : entry.touch();
        }
        for (int i = 0; i < count; i++) {
            Shard<S> shard = shards[indexOf(hashes[from + i])];
            KeyState<S> entry = shard.at(places[i]);
            sum += entry == null ? 0 : shard.touch(entry);
        }
        access.touched = sum;
    }

    private void publishTimer(int index, long deadlineNanos) {
        if (timerDeadlines[index] != deadlineNanos) {
            DEADLINES.setRelease(timerDeadlines, index, deadlineNanos);
        }
    }

    /** The earliest time at which a shard's next timer is due, if after {@code afterNanos}; else {@code latestNanos}. */
    public long nextTimer(long afterNanos, long latestNanos) {
        long next = latestNanos;
        for (int i = 0; i < shards.length; i++) {
            long deadline = (long) DEADLINES.getAcquire(timerDeadlines, i);
            if (deadline != TimerWheel.DISARM && deadline - next < 0 && deadline - afterNanos > 0) {
                next = deadline;
            }
        }
        return next;
    }

    /**
     * Fires due timers. A shard that another thread holds is skipped until the next call, so a blocked callback delays only
     * the timers of its own shard.
     *
     * @param untilNanos the latest deadline that fires, at most {@code clockNanos}
     * @return the earliest time at which to call this again; {@code latestNanos} if nothing is due before
     */
    public long pollTimers(ShardAccess access, long clockNanos, long untilNanos, long latestNanos) {
        long next = latestNanos;
        for (int i = 0; i < shards.length; i++) {
            long deadline = (long) DEADLINES.getAcquire(timerDeadlines, i);
            if (deadline == TimerWheel.DISARM) {
                continue;
            }
            if (deadline - untilNanos <= 0) {
                deadline = pollShard(i, access, clockNanos, untilNanos);
            }
            if (deadline != TimerWheel.DISARM && deadline - next < 0) {
                next = deadline;
            }
        }
        return next;
    }

    private long pollShard(int i, ShardAccess access, long clockNanos, long untilNanos) {
        Shard<S> shard = shards[i];
        if (!shard.lock.tryLock()) {
            return clockNanos + HELD_SHARD_NANOS; // its holder may be firing them
        }
        try {
            if (closed) { // under the lock: timers of disposed keys are still armed
                return TimerWheel.DISARM;
            }
            long next = shard.pollTimers(access, clockNanos, untilNanos, TIMERS_PER_HOLD);
            publishTimer(i, next);
            return next;
        } finally {
            shard.lock.unlock();
        }
    }

    /**
     * Applies a function to the state of a key under its lock. Returns null if there is no such key, or if the function
     * does. Throws if the thread is interrupted while it waits, or if another one keeps the shard for too long.
     */
    public <R> @Nullable R read(Progress progress, Key key, long hash, Function<? super S, ? extends R> reader) {
        Shard<S> shard = shards[indexOf(hash)];
        await(shard.lock, "read");
        try {
            progress.enter(Stage.ENGINE, key);
            KeyState<S> entry = shard.find((int) hash, key);
            return entry == null ? null : reader.apply(entry.state);
        } finally {
            progress.exit();
            shard.lock.unlock();
        }
    }

    /** Visits every key under its shard's lock, one shard at a time. */
    public void forEach(Progress progress, BiConsumer<? super Key, ? super S> visitor) {
        for (Shard<S> shard : shards) {
            await(shard.lock, "forEachKey");
            try {
                shard.forEach(entry -> {
                    progress.enter(Stage.ENGINE, entry.key);
                    visitor.accept(entry.key, entry.state);
                    progress.exit();
                    shard.lock.renew();
                });
            } finally {
                progress.exit();
                shard.lock.unlock();
            }
        }
    }

    /** For a thread that is not the engine's: takes a shard's lock, but does not wait for a callback that hangs. */
    private void await(ShardLock lock, String method) {
        if (lock.lock(stallNanos, () -> true)) {
            return;
        }
        Thread waiting = Thread.currentThread();
        Thread holder = lock.holder();
        String of = holder == null ? "another thread" : "thread " + holder.getName();
        throw new IllegalStateException(method + ": thread " + waiting.getName()
                + (waiting.isInterrupted() ? " was interrupted while it waited" : " gave up waiting")
                + " for a shard that " + of + " holds (expected: callbacks and readers that return within stallTimeout "
                + stallNanos / 1_000_000 + " ms; callbacks of two engines that read each other wait for each other)");
    }

    private boolean isClosed() {
        return closed;
    }

    /** From now on no event is applied, and a thread that waits for a shard gives up when it is interrupted. */
    public void close() {
        closed = true;
    }

    /**
     * Forgets all keys for good: first those of the shards that are free and then, until the deadline, those of the others.
     * What is left when time is up stays.
     *
     * @param deadlineNanos on the scale of {@link System#nanoTime}
     * @return whether nothing is left
     */
    public boolean disposeAll(ShardAccess access, long deadlineNanos) {
        closed = true;
        BitSet left = new BitSet(shards.length);
        left.set(0, shards.length);
        for (int i = 0; i < shards.length; i++) {
            if (shards[i].lock.tryLock()) {
                left.set(i, !disposeShard(i, access, deadlineNanos));
            }
        }
        for (int i = left.nextSetBit(0); i >= 0; i = left.nextSetBit(i + 1)) {
            if (shards[i].lock.tryLockUntil(deadlineNanos)) {
                left.set(i, !disposeShard(i, access, deadlineNanos));
            }
        }
        return left.isEmpty();
    }

    /** For the holder of the shard's lock, which this releases. */
    private boolean disposeShard(int i, ShardAccess access, long deadlineNanos) {
        Shard<S> shard = shards[i];
        try {
            boolean all = shard.disposeAll(access, deadlineNanos);
            publishTimer(i, TimerWheel.DISARM);
            return all;
        } finally {
            shard.lock.unlock();
        }
    }

    public long liveKeys() {
        return quota.taken();
    }

    public long liveTimestamps() {
        long live = 0;
        for (Shard<S> shard : shards) {
            live += shard.liveTimestamps();
        }
        return live;
    }
}
