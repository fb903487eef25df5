package io.trafilo.window;

/**
 * The deadlines of the keys of one shard.
 *
 * <p>Guarded by the shard's lock. Never blocks. Allocates only when more entries are armed than ever before. An armed entry
 * cannot be cancelled, only brought forward; when it is due, its handler returns the next deadline. Scheduling is O(1).
 *
 * <p>The wheel's time never goes back: a poll with a {@code now} below an earlier one uses the earlier one. Deadlines are
 * compared by difference and may wrap.
 */
public final class TimerWheel {
    /*
     * A hashed timing wheel (Varghese and Lauck 1987, scheme 6). Time is cut into ticks, and a deadline belongs to the spoke
     * of its tick modulo 64. A spoke is an unsorted bag. It also holds deadlines of later revolutions, which are skipped
     * until theirs. With a bit set of the spokes in use, one instruction finds the next one.
     *
     * A poll has two steps. First it visits each spoke from the last poll's tick to the current tick, each at most once
     * however far the clock has jumped, and moves what is due to the end of one queue. Then it fires from the front of that
     * queue, up to the limit. The rest is due already and stays in the queue for the next poll. So a limit never causes
     * spokes to be walked again, nothing is overtaken forever, and a handler that throws leaves the rest in place.
     *
     * The time of the next poll is computed on demand, and kept until a poll or an earlier deadline changes it. It is exact
     * if the spoke is short. Otherwise it is the end of the tick, so that a long spoke is not walked once per entry.
     */

    /** No deadline: returned by a handler to disarm its entry, and by {@link #nextNanos()} for an empty wheel. */
    public static final long DISARM = Long.MIN_VALUE;

    static final int SPOKES = 64;
    static final int EXACT_LIMIT = 16;

    private static final int CHAINS = SPOKES + DueTimers.PARTIAL_BLOCKS;
    private static final int SPOKE_MASK = SPOKES - 1;
    private static final long TICKS_PER_DELAY = 32;
    private static final long MIN_TICK_NANOS = 1L << 17;
    private static final long MAX_TICK_NANOS = 1L << 34;

    private final TimerBlocks blocks = new TimerBlocks(CHAINS);
    private final TimerSpokes spokes = new TimerSpokes(blocks);
    private final DueTimers due = new DueTimers(blocks);
    private final long startNanos;
    private final int tickShift;
    private long nowNanos;
    private int armedCount;

    private long nextNanos = DISARM;
    private boolean nextIsKnown = true;

    /** Handles entries whose deadline has passed. */
    public interface Handler<E extends WindowEntry> {
        /**
         * Called when {@code entry} is due and no longer armed. Returns its next deadline, or {@link #DISARM} for none. The
         * next poll fires a deadline that has also passed. If this throws, the entry stays disarmed, unless it was scheduled
         * before that.
         */
        long onTimer(E entry, long nowNanos);

        /** Called for each entry of a poll before the first one fires. May read ahead what {@link #onTimer} will need. */
        default void beforeTimer(E entry) {}
    }

    /**
     * Creates an empty wheel that starts at {@code nowNanos}. Its tick is at most 1/32 of the shortest delay, within limits.
     */
    public TimerWheel(long shortestDelayNanos, long nowNanos) {
        if (shortestDelayNanos <= 0) {
            throw new IllegalArgumentException("shortestDelay: " + shortestDelayNanos + " ns (expected: > 0)");
        }
        long tickNanos = Long.highestOneBit(shortestDelayNanos / TICKS_PER_DELAY);
        tickNanos = Math.max(MIN_TICK_NANOS, Math.min(MAX_TICK_NANOS, tickNanos));
        this.tickShift = Long.numberOfTrailingZeros(tickNanos);
        this.startNanos = nowNanos;
        this.nowNanos = nowNanos;
    }

    /** The most heap that so many wheels take for so many entries, besides the entries. */
    public static long maxBytes(long entries, int wheels) {
        return TimerBlocks.maxBytes(entries, wheels, CHAINS);
    }

    /** Whether the entry has a deadline that has not fired yet. */
    boolean isArmed(WindowEntry entry) {
        return entry.timerPlace != WindowEntry.NOT_ARMED;
    }

    /**
     * Arms the entry. The next poll fires a deadline that has passed.
     *
     * @throws IllegalStateException if the entry is armed
     */
    public void schedule(WindowEntry entry, long deadlineNanos) {
        if (isArmed(entry)) {
            throw new IllegalStateException("the entry is armed already");
        }
        blocks.reserve(armedCount + 1);
        if (nextIsKnown && (isEmpty() || deadlineNanos - nextNanos < 0)) {
            nextIsKnown = false;
        }
        if (deadlineNanos - nowNanos <= 0) {
            due.add(entry);
            entry.timerPlace = WindowEntry.DUE;
        } else {
            spokes.add(entry, spokeOf(deadlineNanos));
        }
        entry.deadlineNanos = deadlineNanos;
        armedCount++;
    }

    /**
     * Arms the entry or, if it is armed for a later time, brings its deadline forward.
     *
     * @return whether that changed anything
     */
    public boolean scheduleNoLater(WindowEntry entry, long deadlineNanos) {
        if (isArmed(entry)) {
            boolean due = entry.deadlineNanos - nowNanos <= 0;
            if (due || entry.deadlineNanos - deadlineNanos <= 0) {
                return false;
            }
            spokes.remove(entry, spokeOf(entry.deadlineNanos));
            disarm(entry);
        }
        schedule(entry, deadlineNanos);
        return true;
    }

    /**
     * Fires entries with {@code deadline - now <= 0}, each at most once and at most {@code limit}, and returns how many.
     * Those beyond the limit come first in the next poll. An exception from a handler ends the poll and is passed on.
     *
     * @param <E> the type of every entry scheduled here
     */
    public <E extends WindowEntry> int poll(long nowNanos, int limit, Handler<E> handler) {
        if (nowNanos - this.nowNanos > 0) {
            advance(nowNanos);
        }
        int fires = Math.min(limit, due.count());
        due.readAhead(fires, handler);
        for (int i = 0; i < fires; i++) {
            @SuppressWarnings("unchecked") // the caller schedules entries of one type only
            E entry = (E) due.remove();
            disarm(entry);
            long deadlineNanos = handler.onTimer(entry, this.nowNanos);
            if (deadlineNanos != DISARM) {
                schedule(entry, deadlineNanos);
            }
        }
        return Math.max(0, fires);
    }

    /**
     * When to poll next: at or before now if due entries are left, {@link #DISARM} if nothing is scheduled. Otherwise the
     * earliest deadline, or the end of its tick if its spoke holds more than 16 entries, or an earlier time if that spoke
     * holds only deadlines of later revolutions.
     */
    public long nextNanos() {
        if (!nextIsKnown) {
            nextNanos = isEmpty() ? DISARM : unlikeDisarm(findNext());
            nextIsKnown = true;
        }
        return nextNanos;
    }

    private void advance(long toNanos) {
        long tick = tickOf(nowNanos);
        long ticks = Math.min(SPOKES, tickOf(toNanos) - tick + 1);
        nowNanos = toNanos;
        nextIsKnown = false;
        for (long end = tick + ticks; tick < end; tick++) {
            spokes.moveDue((int) tick & SPOKE_MASK, nowNanos, due);
        }
    }

    private void disarm(WindowEntry entry) {
        entry.timerPlace = WindowEntry.NOT_ARMED;
        armedCount--;
        nextIsKnown = false;
    }

    private boolean isEmpty() {
        return armedCount == 0;
    }

    private long findNext() {
        if (due.count() > 0) {
            return due.first().deadlineNanos;
        }
        long current = tickOf(nowNanos);
        long ahead = Long.rotateRight(spokes.used(), (int) current & SPOKE_MASK);
        while (ahead != 0) {
            long tick = current + Long.numberOfTrailingZeros(ahead);
            long nanos = nextInSpoke(tick);
            if (nanos != DISARM) {
                return nanos;
            }
            ahead &= ahead - 1;
        }
        return startOf(current + SPOKES);
    }

    /** The earliest deadline in the tick; its end if the spoke is long, DISARM if all are of later revolutions. */
    private long nextInSpoke(long tick) {
        long endNanos = startOf(tick + 1);
        long earliestNanos = endNanos;
        int passed = 0;
        for (TimerBlock block = spokes.first((int) tick & SPOKE_MASK); block != null; block = block.next) {
            passed += block.size;
            if (passed > EXACT_LIMIT) {
                return unlikeDisarm(endNanos);
            }
            for (int i = 0; i < block.size; i++) {
                long deadlineNanos = block.get(i).deadlineNanos;
                if (deadlineNanos - earliestNanos < 0) {
                    earliestNanos = deadlineNanos;
                }
            }
        }
        return earliestNanos == endNanos ? DISARM : unlikeDisarm(earliestNanos);
    }

    /** Replaces the one clock value that equals DISARM by the one before it. */
    private static long unlikeDisarm(long nanos) {
        return nanos == DISARM ? nanos - 1 : nanos;
    }

    private int spokeOf(long nanos) {
        return (int) tickOf(nanos) & SPOKE_MASK;
    }

    private long tickOf(long nanos) {
        return (nanos - startNanos) >> tickShift;
    }

    private long startOf(long tick) {
        return startNanos + (tick << tickShift);
    }
}
