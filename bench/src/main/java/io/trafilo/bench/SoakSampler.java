package io.trafilo.bench;

import com.sun.management.GarbageCollectionNotificationInfo;
import com.sun.management.UnixOperatingSystemMXBean;
import io.netty.buffer.PooledByteBufAllocator;
import java.lang.management.BufferPoolMXBean;
import java.lang.management.GarbageCollectorMXBean;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryPoolMXBean;
import java.lang.management.MemoryType;
import java.lang.management.MemoryUsage;
import java.lang.management.OperatingSystemMXBean;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import javax.management.NotificationEmitter;
import javax.management.openmbean.CompositeData;
import org.HdrHistogram.Histogram;

/** Looks at this process again and again while a soak runs. For one thread, but for what the collector tells. */
final class SoakSampler implements LoadTest.Ticks {
    private static final int SAMPLES = 120;
    private static final long LEAST_INTERVAL_NANOS = 1_000_000_000;
    /** So often the heap is looked at, if need be by a collection of its own: a soak with a large heap may see none. */
    private static final int LEAST_HEAP_SAMPLES = 20;

    private static final long NONE = Long.MAX_VALUE;

    private final long intervalNanos;
    private final long collectionNanos;
    private final List<SoakSample> samples = new ArrayList<>();
    private final Set<String> heapPools = new HashSet<>();
    private final AtomicLong leastAfterCollection = new AtomicLong(NONE);
    private boolean begun;
    private long startNanos;
    private long nextNanos;
    private long heapSeenNanos;

    SoakSampler(Duration length) {
        intervalNanos = Math.max(LEAST_INTERVAL_NANOS, length.toNanos() / SAMPLES);
        collectionNanos = length.toNanos() / LEAST_HEAP_SAMPLES;
        for (MemoryPoolMXBean pool : ManagementFactory.getMemoryPoolMXBeans()) {
            if (pool.getType() == MemoryType.HEAP) {
                heapPools.add(pool.getName());
            }
        }
        for (GarbageCollectorMXBean collector : ManagementFactory.getGarbageCollectorMXBeans()) {
            ((NotificationEmitter) collector)
                    .addNotificationListener(
                            (notification, handback) -> onCollection((CompositeData) notification.getUserData()),
                            null,
                            null);
        }
    }

    private void onCollection(CompositeData data) {
        Map<String, MemoryUsage> after =
                GarbageCollectionNotificationInfo.from(data).getGcInfo().getMemoryUsageAfterGc();
        long used = 0;
        for (Map.Entry<String, MemoryUsage> pool : after.entrySet()) {
            used += heapPools.contains(pool.getKey()) ? pool.getValue().getUsed() : 0;
        }
        leastAfterCollection.accumulateAndGet(used, Math::min);
    }

    @Override
    public void tick(LatencyRecorder latencies) {
        long nowNanos = System.nanoTime();
        if (!begun) {
            begun = true;
            startNanos = nowNanos;
            nextNanos = nowNanos + intervalNanos;
            heapSeenNanos = nowNanos;
            latencies.sinceLastTime();
            leastAfterCollection.set(NONE);
        } else if (nowNanos - nextNanos >= 0) {
            nextNanos += intervalNanos;
            if (leastAfterCollection.get() != NONE) {
                heapSeenNanos = nowNanos;
            } else if (nowNanos - heapSeenNanos >= collectionNanos) {
                System.gc(); // the next sample has what it left
            }
            samples.add(sample((nowNanos - startNanos) / 1e9, latencies.sinceLastTime()));
        }
    }

    private SoakSample sample(double seconds, Histogram latencies) {
        return new SoakSample(
                seconds,
                heapBytes(),
                directBytes(),
                Usage.Meter.residentBytes(),
                ManagementFactory.getThreadMXBean().getThreadCount(),
                openFiles(),
                latencies.getTotalCount() == 0 ? Double.NaN : latencies.getValueAtPercentile(99.9) / 1e3);
    }

    private double heapBytes() {
        long least = leastAfterCollection.getAndSet(NONE);
        return least == NONE ? Double.NaN : least;
    }

    private static double directBytes() {
        long bytes = PooledByteBufAllocator.DEFAULT.metric().usedDirectMemory();
        for (BufferPoolMXBean pool : ManagementFactory.getPlatformMXBeans(BufferPoolMXBean.class)) {
            bytes += pool.getName().equals("direct") ? pool.getMemoryUsed() : 0;
        }
        return bytes;
    }

    private static double openFiles() {
        OperatingSystemMXBean system = ManagementFactory.getOperatingSystemMXBean();
        return system instanceof UnixOperatingSystemMXBean unix ? unix.getOpenFileDescriptorCount() : Double.NaN;
    }

    List<SoakSample> samples() {
        return List.copyOf(samples);
    }
}
