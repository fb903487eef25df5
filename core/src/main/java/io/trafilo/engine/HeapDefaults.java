package io.trafilo.engine;

import io.trafilo.TrafiloSettings;
import io.trafilo.dispatch.DispatchSettings;

/** The limits that an application need not set. They follow the size of the heap; {@link MemoryBound} says what they allow. */
public record HeapDefaults(int ringCapacity, long maxKeys, long maxRetainedEvents) {
    /*
     * Half of what the other settings leave of the heap is for keys and timestamps, in a fixed proportion. The other half is
     * for states, listeners and the collector. The proportion of one of them set and one not is whatever it comes to.
     *
     * Both are counted in thousandths of their greatest values. The least values keep a window useful: settings that leave no
     * room for as much are refused, rather than accepted with windows that lose all they get.
     */
    private static final long MAX_KEYS = 250_000;
    private static final long MAX_RETAINED_EVENTS = 8_000_000;
    private static final long PARTS = 1_000;
    private static final long LEAST_PARTS = 40;

    private static final int RING_CAPACITY = 4096;
    private static final int LEAST_RING_CAPACITY = 64;

    /** The settings with their defaults filled in. A limit of 0 is one that is not set. */
    public static HeapDefaults of(TrafiloSettings<?> settings, long heapBytes) {
        int ring = settings.ringCapacity() == 0 ? ring(settings, heapBytes) : settings.ringCapacity();
        long low = LEAST_PARTS;
        long high = PARTS;
        long fixedBytes = of(settings, ring, 0).bound(settings).totalBytes();
        long mostBytes = fixedBytes + (heapBytes - fixedBytes) / 2;
        while (low < high) {
            long parts = (low + high + 1) / 2;
            if (of(settings, ring, parts).bound(settings).totalBytes() <= mostBytes) {
                low = parts;
            } else {
                high = parts - 1;
            }
        }
        return of(settings, ring, low);
    }

    private static HeapDefaults of(TrafiloSettings<?> settings, int ringCapacity, long parts) {
        long keys = settings.maxKeys() == 0 ? parts * (MAX_KEYS / PARTS) : settings.maxKeys();
        long retained = settings.maxRetainedEvents();
        if (retained == 0) { // at least one for each key that is asked for
            long share = parts * (MAX_RETAINED_EVENTS / PARTS);
            retained = Math.max(share, Math.min(settings.maxKeys(), MAX_RETAINED_EVENTS));
        }
        return new HeapDefaults(ringCapacity, keys, retained);
    }

    /** A quarter of the heap at most. */
    private static int ring(TrafiloSettings<?> settings, long heapBytes) {
        int capacity = RING_CAPACITY;
        while (capacity > LEAST_RING_CAPACITY
                && of(settings, capacity, 0).bound(settings).ringBytes() > heapBytes / 4) {
            capacity /= 2;
        }
        return capacity;
    }

    /** Whether one of these is lower than on a large heap. A limit of 0 is one that is not set. */
    public boolean lowered(TrafiloSettings<?> asked) {
        return (asked.ringCapacity() == 0 && ringCapacity < RING_CAPACITY)
                || (asked.maxKeys() == 0 && maxKeys < MAX_KEYS)
                || (asked.maxRetainedEvents() == 0 && maxRetainedEvents < MAX_RETAINED_EVENTS);
    }

    /** Logs the limits of an engine that has them lowered. */
    public static void logLowered(TrafiloSettings<?> settings) {
        EngineLog.info(settings.name() + ": limits lowered to fit a heap of "
                + (Runtime.getRuntime().maxMemory() >> 20) + " MiB: maxKeys " + settings.maxKeys()
                + ", maxRetainedEvents " + settings.maxRetainedEvents() + ", ringCapacity "
                + settings.ringCapacity() + ", at most " + MemoryBound.of(settings)
                + " (to have more, raise -Xmx or set them)");
    }

    private MemoryBound bound(TrafiloSettings<?> settings) {
        DispatchSettings dispatch = Engine.dispatchSettings(settings, ringCapacity);
        return MemoryBound.of(dispatch, settings.shards(), maxKeys, maxRetainedEvents, Engine.aggregateRules(settings));
    }
}
