package io.trafilo.dispatch;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import io.trafilo.Counter;
import io.trafilo.OverloadPolicy;
import io.trafilo.failures.Failures;
import io.trafilo.ledger.CounterRow;
import io.trafilo.spi.BufferAccess;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.IIII_Result;

/** A listener's batches of foreign buffers, against a worker and against a close. */
public final class RingIntakeStressTest {
    private RingIntakeStressTest() {}

    /** A message in memory that its owner reuses once it is released. */
    private static final class Datagram {
        final byte[] bytes;
        int releases;

        Datagram(int number) {
            bytes = Messages.message(number).clone();
        }
    }

    private static final class DatagramAccess implements BufferAccess<Datagram> {
        static final DatagramAccess INSTANCE = new DatagramAccess();

        @Override
        public int length(Datagram datagram) {
            return datagram.bytes.length;
        }

        @Override
        public void copyTo(Datagram datagram, byte[] destination, int offset) {
            System.arraycopy(datagram.bytes, 0, destination, offset, datagram.bytes.length);
        }

        @Override
        public void release(Datagram datagram) {
            datagram.releases++;
            datagram.bytes[0] = 0;
        }
    }

    /** Three datagrams for two slots. */
    private abstract static class ThreeDatagrams {
        private final WorkCursor cursor = new WorkCursor(1, 2);
        private final CounterRow row = new CounterRow();
        private final Datagram[] datagrams = {new Datagram(1), new Datagram(2), new Datagram(3)};
        private final RingIntake<Datagram> intake;
        final MessageRing ring = new MessageRing(2, cursor, new Parking(1), 2, new CounterRow());
        final Messages worker = new Messages(ring, cursor, 0);

        ThreeDatagrams(OverloadPolicy policy) {
            Failures failures = new Failures((stage, key, error) -> {}, row, error -> {}, Runnable::run);
            intake = new RingIntake<>(
                    ring, DatagramAccess.INSTANCE, policy, () -> 0, row, failures, () -> {}, closed -> {});
        }

        void publish() {
            intake.publish(datagrams.clone(), datagrams.length, Messages.BATCH_NANOS);
        }

        void report(IIII_Result r) {
            r.r1 = worker.seen;
            r.r2 = worker.wrong;
            long lost = row.get(Counter.SHED) + row.get(Counter.DISCARDED_AT_CLOSE);
            r.r3 = (int) (row.get(Counter.RECEIVED) * 100 + row.get(Counter.PUBLISHED) * 10 + lost);
            r.r4 = datagrams[0].releases * 100 + datagrams[1].releases * 10 + datagrams[2].releases;
        }
    }

    /** The listener drops what finds no room, while a worker takes messages out. */
    @JCStressTest
    @State
    @Outcome(id = "6, 0, 321, 111", expect = ACCEPTABLE, desc = "Two published, one dropped.")
    @Outcome(id = "14, 0, 330, 111", expect = ACCEPTABLE, desc = "All three published.")
    @Outcome(expect = FORBIDDEN, desc = "Seen; not whole; received, published and lost; releases of each.")
    public static class Drop extends ThreeDatagrams {
        public Drop() {
            super(OverloadPolicy.DROP_NEWEST);
        }

        @Actor
        public void listener() {
            publish();
        }

        @Actor
        public void worker() {
            worker.takeRun();
        }

        @Arbiter
        public void arbiter(IIII_Result r) {
            ring.seal();
            worker.takeAll();
            report(r);
        }
    }

    /** The listener waits for room, while a worker takes messages out and the ring is sealed and drained. */
    @JCStressTest
    @State
    @Outcome(id = "0, 0, 303, 111", expect = ACCEPTABLE, desc = "All three discarded.")
    @Outcome(id = "6, 0, 321, 111", expect = ACCEPTABLE, desc = "Two published and taken, one discarded.")
    @Outcome(id = "14, 0, 330, 111", expect = ACCEPTABLE, desc = "All three published and taken.")
    @Outcome(expect = FORBIDDEN, desc = "Seen; not whole; received, published and lost; releases of each.")
    public static class Seal extends ThreeDatagrams {
        public Seal() {
            super(OverloadPolicy.BLOCK);
        }

        @Actor
        public void listener() {
            publish();
        }

        @Actor
        public void closer() {
            worker.takeRun();
            ring.seal();
            worker.takeAll();
        }

        @Arbiter
        public void arbiter(IIII_Result r) {
            report(r);
        }
    }
}
