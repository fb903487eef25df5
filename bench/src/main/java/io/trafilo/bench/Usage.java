package io.trafilo.bench;

import com.sun.management.OperatingSystemMXBean;
import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What this process used during a time, and what others took of the machine meanwhile.
 *
 * @param cpuNanos processor time of all threads, those of the compiler and the collector included
 * @param allocatedBytes allocated in the heap by the threads that live at the end
 * @param gcPauseMillisMax the longest pause for the garbage collector; NaN where unknown
 * @param gcPauseMillisTotal all of them
 * @param retainedTimestamps how many timestamps were in the windows of all keys at the end
 * @param residentBytes memory in use at the end, as the kernel sees it; 0 where it does not tell
 * @param stealPercent the part of the processors' time that a hypervisor gave to others; NaN where unknown
 */
record Usage(
        long cpuNanos,
        long allocatedBytes,
        double gcPauseMillisMax,
        double gcPauseMillisTotal,
        long retainedTimestamps,
        long residentBytes,
        double stealPercent) {

    /** Measures a target from when this is made until it runs. For one thread. */
    static final class Meter implements Runnable {
        private final OperatingSystemMXBean system = ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class);
        private final ThreadMXBean threads = ManagementFactory.getPlatformMXBean(ThreadMXBean.class);
        private final GcPauses pauses;
        private final LoadTarget target;
        private final Instant begin = Instant.now();
        private final Map<Long, Long> allocatedBefore = allocated();
        private final long[] ticksBefore = ticks();
        private final long cpuBefore = system.getProcessCpuTime();

        private @Nullable Usage usage;

        Meter(GcPauses pauses, LoadTarget target) {
            this.pauses = pauses;
            this.target = target;
        }

        @Override
        public void run() {
            long retainedTimestamps = target.retainedTimestamps();
            Instant end = Instant.now();
            long cpuNanos = system.getProcessCpuTime() - cpuBefore;
            double steal = steal(ticks());
            long residentBytes = residentBytes();
            long allocatedBytes = 0;
            for (Map.Entry<Long, Long> thread : allocated().entrySet()) {
                allocatedBytes += thread.getValue() - allocatedBefore.getOrDefault(thread.getKey(), 0L);
            }
            GcPauses.Millis millis = pauses.between(begin, end);
            usage = new Usage(
                    cpuNanos,
                    allocatedBytes,
                    millis.longest(),
                    millis.total(),
                    retainedTimestamps,
                    residentBytes,
                    steal);
        }

        /** For after the run. */
        Usage usage() {
            return Objects.requireNonNull(usage);
        }

        private Map<Long, Long> allocated() {
            long[] ids = threads.getAllThreadIds();
            long[] bytes = threads.getThreadAllocatedBytes(ids);
            Map<Long, Long> byThread = new HashMap<>();
            for (int i = 0; i < ids.length; i++) {
                byThread.put(ids[i], Math.max(bytes[i], 0));
            }
            return byThread;
        }

        private double steal(long[] now) {
            long all = now[0] - ticksBefore[0];
            return all == 0 ? Double.NaN : 100.0 * (now[1] - ticksBefore[1]) / all;
        }

        /** All ticks of all processors, and the stolen among them. */
        private static long[] ticks() {
            long all = 0;
            long stolen = 0;
            String[] words = Proc.firstLine("/proc/stat", "cpu ").split("\\s+", -1);
            for (int i = 1; i < Math.min(words.length, 9); i++) {
                all += Long.parseLong(words[i]);
                stolen = i == 8 ? Long.parseLong(words[i]) : stolen;
            }
            return new long[] {all, stolen};
        }

        static long residentBytes() {
            String[] words = Proc.firstLine("/proc/self/status", "VmRSS:").split("\\s+", -1);
            return words.length < 2 ? 0 : Long.parseLong(words[1]) * 1024;
        }
    }
}
