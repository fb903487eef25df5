package io.trafilo.bench;

import com.sun.management.UnixOperatingSystemMXBean;
import io.netty.buffer.PooledByteBufAllocator;
import java.lang.management.BufferPoolMXBean;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryPoolMXBean;
import java.lang.management.MemoryType;
import java.lang.management.OperatingSystemMXBean;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.HdrHistogram.Histogram;

/** Looks at this process again and again while a soak runs. For one thread. */
final class SoakSampler implements Runnable {
    private static final int SAMPLES = 120;
    private static final long LEAST_INTERVAL_NANOS = 1_000_000_000;

    /**
     * How often the heap is looked at, after a collection that is asked for: what others leave holds garbage that has grown
     * old, and grows. Each is a pause, so there are few.
     */
    private static final int COLLECTIONS = 20;

    /**
     * What a process held at a moment of a soak.
     *
     * @param seconds since the soak began
     * @param heapBytes what a collection that was asked for left; NaN in the samples between two of them
     * @param directBytes memory outside of the heap for buffers, Netty's pool included
     * @param residentBytes as the kernel sees it
     * @param p999Micros of the latency from receipt to the handler, since the sample before; NaN if nothing was measured
     */
    record Sample(
            double seconds,
            double heapBytes,
            double directBytes,
            double residentBytes,
            double threads,
            double openFiles,
            double p999Micros) {}

    private final LatencyRecorder latencies;
    private final long intervalNanos;
    private final long collectionNanos;
    private final List<Sample> samples = new ArrayList<>();
    private boolean begun;
    private long startNanos;
    private long nextNanos;
    private long nextCollectionNanos;

    SoakSampler(Duration length, LatencyRecorder latencies) {
        this.latencies = latencies;
        intervalNanos = Math.max(LEAST_INTERVAL_NANOS, length.toNanos() / SAMPLES);
        collectionNanos = length.toNanos() / COLLECTIONS;
    }

    @Override
    public void run() {
        long nowNanos = System.nanoTime();
        if (!begun) {
            begun = true;
            startNanos = nowNanos;
            nextNanos = nowNanos + intervalNanos;
            nextCollectionNanos = nowNanos + collectionNanos;
            latencies.sinceLastTime();
        } else if (nowNanos - nextNanos >= 0) {
            nextNanos += intervalNanos;
            samples.add(sample(nowNanos));
        }
    }

    private Sample sample(long nowNanos) {
        Histogram lately = latencies.sinceLastTime();
        return new Sample(
                (nowNanos - startNanos) / 1e9,
                heapBytes(nowNanos),
                directBytes(),
                Usage.Meter.residentBytes(),
                ManagementFactory.getThreadMXBean().getThreadCount(),
                openFiles(),
                lately.getTotalCount() == 0 ? Double.NaN : lately.getValueAtPercentile(99.9) / 1e3);
    }

    private double heapBytes(long nowNanos) {
        if (nowNanos - nextCollectionNanos < 0) {
            return Double.NaN;
        }
        nextCollectionNanos += collectionNanos;
        System.gc();
        long left = 0;
        for (MemoryPoolMXBean pool : ManagementFactory.getMemoryPoolMXBeans()) {
            if (pool.getType() == MemoryType.HEAP && pool.getCollectionUsage() != null) {
                left += pool.getCollectionUsage().getUsed();
            }
        }
        return left;
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

    List<Sample> samples() {
        return List.copyOf(samples);
    }
}
