package io.trafilo.simulation;

import io.trafilo.Counter;
import io.trafilo.OverloadPolicy;
import io.trafilo.spi.Intake;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/** Reads from the socket and publishes; never into a wait, since there is nobody else to make room. */
final class SimulatedListener {
    private static final int BATCH = 8;

    private final SplittableRandom random;
    private final Plan plan;
    private final SimulatedSocket socket;
    private final Intake<SimulatedBuffer> intake;
    private final NaiveRing ring;
    private final Tally tally;
    private final List<SimulatedBuffer> buffers = new ArrayList<>();
    private final List<SimulatedBuffer> pending = new ArrayList<>();
    private long pendingNanos;
    private long reported;
    private boolean cutOff;
    private boolean sealed;

    SimulatedListener(
            SplittableRandom random,
            Plan plan,
            SimulatedSocket socket,
            Intake<SimulatedBuffer> intake,
            NaiveRing ring,
            Tally tally) {
        this.random = random;
        this.plan = plan;
        this.socket = socket;
        this.intake = intake;
        this.ring = ring;
        this.tally = tally;
    }

    /** Reads a batch and publishes it, or goes on with the one that had to wait. */
    void listen() {
        if (pending.isEmpty()) {
            read();
        }
        publish();
        if (random.nextInt(4) == 0) {
            reportDrops();
        }
    }

    void reportDrops() {
        long more = socket.dropped() - reported;
        intake.countKernelDropped(more);
        tally.add(Counter.KERNEL_DROPPED, more);
        reported += more;
    }

    private void read() {
        pendingNanos = intake.epochNanos();
        for (int i = 0; i < BATCH; i++) {
            byte[] datagram = socket.read();
            if (datagram == null) {
                return;
            }
            if (random.nextInt(50) == 0) {
                count(Counter.FILTERED);
                intake.countFiltered();
            } else if (datagram.length == 0) {
                count(Counter.EMPTY);
                intake.countEmpty();
            } else if (datagram.length > plan.dispatch().maxMessageLength()) {
                count(Counter.OVERSIZED);
                intake.countOversized();
            } else {
                boolean broken = plan.faultOneIn() > 0 && random.nextInt(50) == 0;
                var buffer =
                        new SimulatedBuffer(datagram, !broken || random.nextBoolean(), !broken || random.nextBoolean());
                buffers.add(buffer);
                pending.add(buffer);
            }
        }
    }

    private void count(Counter outcome) {
        tally.add(Counter.RECEIVED, 1);
        tally.add(outcome, 1);
    }

    private void publish() {
        boolean waits = plan.policy() == OverloadPolicy.BLOCK && !cutOff && !sealed;
        int count = waits ? Math.min(pending.size(), ring.room()) : pending.size();
        if (count == 0) {
            return;
        }
        List<SimulatedBuffer> batch = pending.subList(0, count);
        SimulatedBuffer[] array = batch.toArray(new SimulatedBuffer[count + random.nextInt(2)]);
        int room = Math.min(count, ring.room());
        int published = intake.publish(array, count, pendingNanos);
        int expected = sealed ? 0 : room;
        if (published != expected) {
            throw new AssertionError("published: " + published + " (expected: " + expected + ")");
        }
        for (int i = 0; i < count; i++) {
            if (array[i] != null) {
                throw new AssertionError("a buffer was left in the array");
            }
        }
        if (sealed) {
            ring.putNothing(room);
        } else {
            batch.subList(0, published).forEach(buffer -> ring.put(buffer.message(pendingNanos)));
        }
        tally.add(Counter.RECEIVED, count);
        tally.add(Counter.PUBLISHED, published);
        tally.add(cutOff || sealed ? Counter.DISCARDED_AT_CLOSE : Counter.SHED, count - published);
        batch.clear();
    }

    boolean isWaiting() {
        return !pending.isEmpty();
    }

    /** Gives up waiting. */
    void cutOff() {
        cutOff = true;
        intake.cutOff();
        publish();
    }

    /** Says that the ring is sealed. */
    void onSeal() {
        sealed = true;
    }

    void close() {
        reportDrops();
        intake.close();
    }

    /** Every buffer that was handed to the engine must have been given back once. */
    void requireReleased() {
        for (SimulatedBuffer buffer : buffers) {
            if (buffer.releases() != 1) {
                throw new AssertionError("releases of a buffer: " + buffer.releases() + " (expected: 1)");
            }
        }
    }
}
