package io.trafilo.testing;

import java.lang.management.ManagementFactory;
import java.lang.management.MemoryMXBean;
import java.util.Arrays;

/** How much of the heap is in use, without garbage. */
public final class UsedHeap {
    private static final MemoryMXBean MEMORY = ManagementFactory.getMemoryMXBean();

    private UsedHeap() {}

    /** The median of several looks, each after a collection. */
    public static long bytes() {
        long[] used = new long[3];
        for (int i = 0; i < used.length; i++) {
            System.gc();
            used[i] = MEMORY.getHeapMemoryUsage().getUsed();
        }
        Arrays.sort(used);
        return used[used.length / 2];
    }
}
