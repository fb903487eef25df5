package io.trafilo.netty;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.PooledByteBufAllocator;
import io.trafilo.Counter;
import io.trafilo.EventView;
import io.trafilo.Ledger;
import io.trafilo.OverloadPolicy;
import io.trafilo.Trafilo;
import java.lang.management.ManagementFactory;
import java.util.Arrays;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Three times as many datagrams as the handler can take, for half a minute. */
@Tag("slow")
@ExtendWith(LeakGuard.class)
@Timeout(480)
class OverloadFaultTest {
    private static final int CAPACITY_PER_SECOND = 2_000;
    private static final int NORMAL_PER_SECOND = CAPACITY_PER_SECOND / 10;
    private static final long PER_EVENT_NANOS = TimeUnit.SECONDS.toNanos(1) / CAPACITY_PER_SECOND;
    private static final int OVERLOAD_SECONDS = 30;
    private static final int TRIES = 3;

    /** Netty's pool grows by it. */
    private static final long CHUNK_BYTES = 4 << 20;

    /** Times from the sending of a datagram to its handling; of the worker, read when it rests. */
    private static final class Latencies {
        private final long[] nanos = new long[2 * CAPACITY_PER_SECOND * OVERLOAD_SECONDS];
        private int count;

        void add(long latencyNanos) {
            if (count < nanos.length) {
                nanos[count++] = latencyNanos;
            }
        }

        long medianNanos() {
            assertThat(count).isGreaterThan(100);
            return Arrays.stream(nanos, 0, count).sorted().toArray()[count / 2];
        }
    }

    private enum Phase {
        COLD,
        NORMAL,
        OVERLOAD,
        RELIEF,
        NORMAL_AGAIN
    }

    /** What the process takes at one moment. */
    private record Memory(long heapBytes, long directBytes) {
        static Memory now() {
            System.gc();
            return new Memory(
                    ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed(),
                    PooledByteBufAllocator.DEFAULT.metric().usedDirectMemory());
        }
    }

    private final Latencies[] latencies = new Latencies[Phase.values().length];
    private long freeNanos = System.nanoTime();

    /** The best of some tries, for a busy machine; sums and memory hold in each. */
    @ParameterizedTest
    @EnumSource
    void shouldLoseOnlyWhatThePolicySaysAndRecoverWhenOverloaded(OverloadPolicy policy) {
        for (int i = 1; !overload(policy); i++) {
            assertThat(i).as("tries").isLessThan(TRIES);
        }
    }

    /** Whether it was as fast as promised. */
    private boolean overload(OverloadPolicy policy) {
        Arrays.setAll(latencies, phase -> new Latencies());
        freeNanos = System.nanoTime();
        Trafilo<Void> engine = Trafilo.<Void>builder()
                .handler((event, none) -> serve(event))
                .sink((window, none) -> {})
                .overloadPolicy(policy)
                .ringCapacity(512)
                .maxClaim(8)
                .workers(1)
                .build();
        engine.start();
        Memory early;
        Memory late;
        long sent;
        try (engine;
                UdpListener listener = UdpListener.builder(engine)
                        .bind("127.0.0.1", 0)
                        .receiveBufferBytes(200_000)
                        .start();
                Sender sender = new Sender(listener.address())) {
            send(sender, Phase.COLD, NORMAL_PER_SECOND, 2);
            send(sender, Phase.NORMAL, NORMAL_PER_SECOND, 3);
            send(sender, Phase.OVERLOAD, 3 * CAPACITY_PER_SECOND, 5);
            early = Memory.now();
            send(sender, Phase.OVERLOAD, 3 * CAPACITY_PER_SECOND, OVERLOAD_SECONDS - 5);
            late = Memory.now();
            send(sender, Phase.RELIEF, NORMAL_PER_SECOND, 2);
            send(sender, Phase.NORMAL_AGAIN, NORMAL_PER_SECOND, 3);
            sent = sender.sent();
        }
        checkLosses(policy, engine.ledger(), sent);
        System.out.println(policy + " after 5 s " + early + ", after " + OVERLOAD_SECONDS + " s " + late);
        assertThat(late.heapBytes()).isLessThan(early.heapBytes() + CHUNK_BYTES);
        assertThat(late.directBytes()).isLessThanOrEqualTo(early.directBytes() + CHUNK_BYTES);
        // what the kernel drops though the listener reads on, it drops in pauses of the whole process
        boolean readsOn = policy == OverloadPolicy.BLOCK
                || (engine.ledger().count(Counter.KERNEL_DROPPED)
                                < engine.ledger().count(Counter.SHED) / 10
                        && engine.ledger().count(Counter.SHED) > sent / 3);
        return recovers() && readsOn;
    }

    /** At the given pace, which is caught up with after a pause. */
    private static void send(Sender sender, Phase phase, int perSecond, int seconds) {
        long startNanos = System.nanoTime();
        for (long i = 0; i < (long) perSecond * seconds; i++) {
            long dueNanos = startNanos + i * TimeUnit.SECONDS.toNanos(1) / perSecond;
            while (dueNanos - System.nanoTime() > 0) {
                LockSupport.parkNanos(dueNanos - System.nanoTime());
            }
            sender.send("key" + i % 10 + " " + phase.ordinal() + System.nanoTime());
        }
    }

    private void serve(EventView event) {
        String text = event.payloadText();
        long nowNanos = System.nanoTime();
        latencies[text.charAt(0) - '0'].add(nowNanos - Long.parseLong(text.substring(1)));
        freeNanos = Math.max(freeNanos, nowNanos - 10 * PER_EVENT_NANOS) + PER_EVENT_NANOS;
        while (freeNanos - System.nanoTime() > 0) {
            LockSupport.parkNanos(freeNanos - System.nanoTime());
        }
    }

    private static void checkLosses(OverloadPolicy policy, Ledger ledger, long sent) {
        System.out.println(policy + " sent " + sent + " " + ledger);
        assertThat(ledger.imbalances()).isEmpty();
        assertThat(ledger.count(Counter.RECEIVED) + ledger.count(Counter.KERNEL_DROPPED))
                .isEqualTo(sent);
        assertThat(ledger.count(Counter.HANDLED))
                .isEqualTo(ledger.count(Counter.RECEIVED) - ledger.count(Counter.SHED));
        if (policy == OverloadPolicy.BLOCK) {
            assertThat(ledger.count(Counter.SHED)).isZero();
            assertThat(ledger.count(Counter.KERNEL_DROPPED)).isGreaterThan(sent / 3);
        } else {
            assertThat(ledger.count(Counter.SHED)).isPositive();
            assertThat(ledger.count(Counter.SHED) + ledger.count(Counter.KERNEL_DROPPED))
                    .isGreaterThan(sent / 3);
        }
    }

    private boolean recovers() {
        long normal = latencies[Phase.NORMAL.ordinal()].medianNanos();
        long overload = latencies[Phase.OVERLOAD.ordinal()].medianNanos();
        long again = latencies[Phase.NORMAL_AGAIN.ordinal()].medianNanos();
        System.out.println("median latency in us: " + normal / 1000 + ", overloaded " + overload / 1000
                + ", from 2 s after the relief on " + again / 1000);
        return overload > 100 * normal && again < 20 * normal; // the first against a test that loads nothing
    }
}
