package io.trafilo.engine;

import io.trafilo.TrafiloSettings;
import io.trafilo.aggregate.AggregateRules;
import io.trafilo.dispatch.DispatchSettings;
import io.trafilo.state.Shards;

/**
 * The most heap that an engine takes for itself, in bytes, by purpose.
 * Values count as timestamps, and what a key needs for {@code distinct} as part of the key.
 *
 * <p>Computed for a 64-bit JVM with 8-byte references, 16-byte object headers and 8-byte alignment, so it holds with
 * compressed references and without. It leaves out what others own: states, the texts of keys that the application
 * requested, windows that it keeps, a listener's buffers, and the scratch of listener threads that run to completion, each
 * of which takes as much as a worker. It also leaves out garbage, and what the collector rounds large arrays up to.
 */
record MemoryBound(long ringBytes, long scratchBytes, long keysBytes, long timestampsBytes) {
    static final int SLOT = 88;
    static final int KEY = 40;

    /** The most bytes that a key holds without an array. */
    static final int SHORT_KEY = 15;

    static final int KEY_STATE = 112;

    private static final int REFERENCE = 8;
    private static final int ARRAY_HEADER = 24;

    // Everything of fixed size, rounded up: counters, threads, the objects in between.
    private static final int ENGINE = 1 << 16;
    private static final int WORKER = 1 << 12;

    /** Threads per worker: the one in the seat, and one that hangs. */
    private static final long MOST_THREADS = 2;

    private static final int SHARD = 3 << 9;

    /** Disruptor's padding at both ends of its array of slots. */
    private static final int RING_PADDING = 64;

    /** The initial capacity of a batch of events, which doubles one array at a time. */
    private static final int SMALLEST_BATCH = 16;

    // What a batch of events keeps of each: three slices, time and hash, value and weight, and two numbers of its
    // message.
    private static final int SLICES = 6 * Integer.BYTES;
    private static final int BYTES_PER_EVENT = SLICES + 2 * Long.BYTES + 2 * Double.BYTES + 2 * Integer.BYTES;
    private static final int BATCH_ARRAYS = 7;

    /** A message's sender: two longs and an int. */
    private static final int SENDER = 2 * Long.BYTES + Integer.BYTES;

    static MemoryBound of(TrafiloSettings<?> settings) {
        return of(
                Engine.dispatchSettings(settings, settings.ringCapacity()),
                settings.shards(),
                settings.maxKeys(),
                settings.maxRetainedEvents(),
                Engine.aggregateRules(settings));
    }

    static MemoryBound of(
            DispatchSettings dispatch, int shards, long maxKeys, long maxRetainedEvents, AggregateRules aggregates) {
        return new MemoryBound(
                ring(dispatch),
                ENGINE + MOST_THREADS * dispatch.workers() * (worker(dispatch) + aggregates.bytesOfThread()),
                keys(dispatch, shards, maxKeys) + maxKeys * aggregates.bytesOfKey(),
                Shards.maxTimestampBytes(maxKeys, maxRetainedEvents, shards, aggregates)
                        + aggregates.bytesOfBusyKeys(maxRetainedEvents));
    }

    /** Each slot keeps an array for offered messages, as long as the longest it ever held. */
    private static long ring(DispatchSettings settings) {
        long slots = settings.ringCapacity();
        long messages = slots * (SLOT + array(settings.longestSlot(), Byte.BYTES));
        return messages + array(slots + RING_PADDING, REFERENCE) + array(slots, Integer.BYTES);
    }

    private static long worker(DispatchSettings settings) {
        long messages = settings.maxClaim();
        long scratch = array(messages * settings.maxMessageLength(), Byte.BYTES)
                + array(messages + 1, Integer.BYTES)
                + array(messages, Long.BYTES)
                + messages * SENDER
                + 3 * ARRAY_HEADER;
        long events = SMALLEST_BATCH;
        while (events < settings.maxEventsAhead()) {
            events *= 2;
        }
        long batch = events * BYTES_PER_EVENT + BATCH_ARRAYS * ARRAY_HEADER;
        long outgrown = array(events / 2, SLICES);
        long built = 2 * array(settings.longestBuiltKeys(), Byte.BYTES); // one of them outgrown
        return WORKER + scratch + batch + outgrown + built;
    }

    private static long keys(DispatchSettings settings, int shards, long maxKeys) {
        int longest = settings.maxKeyLength(); // a parser may put it together
        long key = KEY + (longest <= SHORT_KEY ? 0 : array(longest, Byte.BYTES));
        return maxKeys * (KEY_STATE + key)
                + shards * (SHARD + table(maxKeys, shards))
                + Shards.maxTimerBytes(maxKeys, shards);
    }

    /**
     * The table of one shard. Hashes are as good as random and nobody can predict them. So the probability that a shard
     * exceeds its share by ten times the square root of the share, plus 20, is below 10^-17 (Chernoff).
     */
    private static long table(long maxKeys, int shards) {
        long share = (maxKeys + shards - 1) / shards;
        long keys = Math.min(maxKeys, share + (long) (10 * Math.sqrt((double) share)) + 20);
        return Shards.maxTableBytes(keys);
    }

    private static long array(long length, int elementBytes) {
        return (ARRAY_HEADER + length * elementBytes + 7) & -8;
    }

    long totalBytes() {
        return ringBytes + scratchBytes + keysBytes + timestampsBytes;
    }

    /** Rejects settings that allow the engine more than there is. */
    void requireFits(TrafiloSettings<?> settings, long heapBytes) {
        if (totalBytes() > heapBytes) {
            throw Checks.broken(
                    "memory",
                    toString(),
                    "at most " + (heapBytes >> 20) + " MiB, the heap of this JVM; lower " + greatest(settings)
                            + ", or raise -Xmx");
        }
        AggregateRules aggregates = Engine.aggregateRules(settings);
        long most = Shards.mostTimestampBytes(aggregates) + aggregates.bytesOfBusyKeys(settings.maxRetainedEvents());
        if (timestampsBytes > most) {
            throw Checks.broken(
                    "memory",
                    mebibytes(timestampsBytes) + " MiB of timestamps",
                    "at most " + mebibytes(most) + " MiB, the limit of the timestamp stores; lower "
                            + timestamps(settings));
        }
    }

    /** The settings that determine the largest part. */
    private String greatest(TrafiloSettings<?> settings) {
        long greatest = Math.max(Math.max(ringBytes, scratchBytes), Math.max(keysBytes, timestampsBytes));
        if (greatest == keysBytes) {
            return "maxKeys " + settings.maxKeys() + " or maxKeyLength " + settings.maxKeyLength();
        }
        if (greatest == timestampsBytes) {
            return timestamps(settings);
        }
        if (greatest == ringBytes) {
            return "ringCapacity " + settings.ringCapacity() + " or maxMessageLength " + settings.maxMessageLength();
        }
        return "workers " + settings.workers() + ", maxClaim " + settings.maxClaim() + " or maxMessageLength "
                + settings.maxMessageLength();
    }

    private static String timestamps(TrafiloSettings<?> settings) {
        return "maxRetainedEvents " + settings.maxRetainedEvents() + " or maxKeys " + settings.maxKeys();
    }

    private static long mebibytes(long bytes) {
        return (bytes + (1 << 20) - 1) >> 20;
    }

    /** Each part rounded up, and their sum. */
    @Override
    public String toString() {
        long ring = mebibytes(ringBytes);
        long scratch = mebibytes(scratchBytes);
        long keys = mebibytes(keysBytes);
        long timestamps = mebibytes(timestampsBytes);
        return (ring + scratch + keys + timestamps) + " MiB: ring " + ring + ", scratch " + scratch + ", keys " + keys
                + ", timestamps " + timestamps;
    }
}
