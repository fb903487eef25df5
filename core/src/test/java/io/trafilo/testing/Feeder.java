package io.trafilo.testing;

import io.trafilo.Counter;
import io.trafilo.Trafilo;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadInfo;
import java.lang.management.ThreadMXBean;
import java.nio.ByteOrder;
import java.time.Duration;
import java.util.Arrays;
import org.awaitility.Awaitility;

/** Emits as fast as the engine takes. A message is a key and nothing else. For one thread. */
public final class Feeder {
    private static final VarHandle LONGS = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

    private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();

    private final Trafilo<?> engine;
    private final byte[] number = new byte[Long.BYTES];

    public Feeder(Trafilo<?> engine) {
        this.engine = engine;
    }

    public void offer(byte[] message) {
        while (!engine.offer(message, 0, message.length)) {
            Thread.yield();
        }
    }

    /** Emits a number as a key of eight bytes. */
    public void offer(long key) {
        LONGS.set(number, 0, key);
        offer(number);
    }

    /** Waits until all that was emitted is handled or refused. */
    public void await() {
        Awaitility.await()
                .pollDelay(Duration.ZERO)
                .pollInterval(Duration.ofMillis(1))
                .atMost(Duration.ofMinutes(1))
                .until(() -> {
                    var ledger = engine.ledger();
                    return ledger.count(Counter.HANDLED) + ledger.count(Counter.KEY_REFUSED)
                                    == ledger.count(Counter.EVENTS)
                            && ledger.count(Counter.PARSED) == ledger.count(Counter.OFFERED);
                });
    }

    /** The processor time that the engine's only worker takes for something, in seconds. */
    public double seconds(Runnable emission) {
        long before = workerNanos();
        emission.run();
        await();
        return (workerNanos() - before) / 1e9;
    }

    private long workerNanos() {
        String name = engine.settings().name() + "-worker-0";
        long worker = Arrays.stream(THREADS.getThreadInfo(THREADS.getAllThreadIds()))
                .filter(info -> info != null && info.getThreadName().equals(name))
                .mapToLong(ThreadInfo::getThreadId)
                .findFirst()
                .orElseThrow();
        return THREADS.getThreadCpuTime(worker);
    }
}
