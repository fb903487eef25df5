package io.trafilo.dispatch;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import io.trafilo.ledger.CounterRow;
import io.trafilo.ledger.PaddedLongs;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.II_Result;
import org.openjdk.jcstress.infra.results.I_Result;

/**
 * Sleeping against waking. A publisher that wakes a worker clears its bit. So the bits show whether a wake-up was lost, and
 * no thread has to sleep.
 */
public final class ParkingStressTest {
    private static final VarHandle PARKED;

    static {
        try {
            PARKED = MethodHandles.privateLookupIn(Parking.class, MethodHandles.lookup())
                    .findVarHandle(Parking.class, "parked", PaddedLongs.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private ParkingStressTest() {}

    private static int bits(Parking parking) {
        return (int) ((PaddedLongs) PARKED.get(parking)).getAcquire(0);
    }

    /** A worker is about to sleep while a message is published. */
    @JCStressTest
    @State
    @Outcome(id = "1, 0", expect = ACCEPTABLE, desc = "The worker saw the message and was woken, too.")
    @Outcome(id = "1, 1", expect = ACCEPTABLE, desc = "The worker saw the message.")
    @Outcome(id = "0, 0", expect = ACCEPTABLE, desc = "The worker was woken.")
    @Outcome(id = "0, 1", expect = FORBIDDEN, desc = "The worker sleeps although there is a message.")
    public static class WakeUp {
        private final WorkCursor cursor = new WorkCursor(1, 2);
        private final Parking parking = new Parking(1);
        private final MessageRing ring = new MessageRing(2, cursor, parking, 2, new CounterRow());

        @Actor
        public void worker(II_Result r) {
            parking.announce(0);
            r.r1 = ring.hasWork() ? 1 : 0;
        }

        @Actor
        public void publisher() {
            Messages.offer(ring, 1);
        }

        @Arbiter
        public void arbiter(II_Result r) {
            r.r2 = bits(parking);
        }
    }

    /** The same in a ring that has wrapped around. The message is one of several, and another worker has claimed some. */
    @JCStressTest
    @State
    @Outcome(id = "1, 0", expect = ACCEPTABLE, desc = "The worker saw the message and was woken, too.")
    @Outcome(id = "1, 1", expect = ACCEPTABLE, desc = "The worker saw the message.")
    @Outcome(id = "0, 0", expect = ACCEPTABLE, desc = "The worker was woken.")
    @Outcome(id = "0, 1", expect = FORBIDDEN, desc = "The worker sleeps although there is a message.")
    public static class WakeUpAfterWrap {
        private final WorkCursor cursor = new WorkCursor(2, 2);
        private final Parking parking = new Parking(2);
        private final MessageRing ring = new MessageRing(2, cursor, parking, 4, new CounterRow());
        private final Messages other = new Messages(ring, cursor, 1);

        public WakeUpAfterWrap() {
            for (int number = 1; number <= 3; number++) {
                Messages.offer(ring, number);
                other.takeRun();
            }
        }

        @Actor
        public void worker(II_Result r) {
            parking.announce(0);
            r.r1 = ring.hasWork() ? 1 : 0;
        }

        @Actor
        public void publisher() {
            Messages.offer(ring, 4);
            other.takeRun();
            Messages.offer(ring, 5);
        }

        @Arbiter
        public void arbiter(II_Result r) {
            r.r2 = bits(parking);
        }
    }

    /** One worker sleeps. The other has promised to look soon, and is about to sleep while a message is published. */
    @JCStressTest
    @State
    @Outcome(id = "1, 3", expect = ACCEPTABLE, desc = "The worker saw the message.")
    @Outcome(
            id = {"1, 1", "1, 2"},
            expect = ACCEPTABLE,
            desc = "The worker saw the message, and one was woken, too.")
    @Outcome(
            id = {"0, 1", "0, 2"},
            expect = ACCEPTABLE,
            desc = "One of the two was woken.")
    @Outcome(id = "0, 3", expect = FORBIDDEN, desc = "Both sleep although there is a message.")
    public static class WakeUpBesideOneThatLooks {
        private final WorkCursor cursor = new WorkCursor(2, 2);
        private final Parking parking = new Parking(2);
        private final MessageRing ring = new MessageRing(2, cursor, parking, 4, new CounterRow());

        public WakeUpBesideOneThatLooks() {
            parking.announce(1);
            parking.looksSoon(0, System.nanoTime());
        }

        @Actor
        public void worker(II_Result r) {
            parking.announce(0);
            r.r1 = ring.hasWork() ? 1 : 0;
        }

        @Actor
        public void publisher() {
            Messages.offer(ring, 1);
        }

        @Arbiter
        public void arbiter(II_Result r) {
            r.r2 = bits(parking);
        }
    }

    /** Two publishers wake one of two sleepers each. */
    @JCStressTest
    @State
    @Outcome(id = "0", expect = ACCEPTABLE, desc = "Both were woken.")
    @Outcome(expect = FORBIDDEN, desc = "Two wake-ups went to one sleeper.")
    public static class TwoWakeUps {
        private final Parking parking = new Parking(2);

        public TwoWakeUps() {
            parking.announce(0);
            parking.announce(1);
        }

        @Actor
        public void first() {
            parking.wakeOne();
        }

        @Actor
        public void second() {
            parking.wakeOne();
        }

        @Arbiter
        public void arbiter(I_Result r) {
            r.r1 = bits(parking);
        }
    }

    /** Workers come and go, and touch no bit but their own. */
    @JCStressTest
    @State
    @Outcome(id = "1", expect = ACCEPTABLE, desc = "The first worker sleeps, the second does not.")
    @Outcome(expect = FORBIDDEN, desc = "A bit was lost or left behind.")
    public static class AnnounceAndWithdraw {
        private final Parking parking = new Parking(2);

        @Actor
        public void first() {
            parking.announce(0);
        }

        @Actor
        public void second() {
            parking.announce(1);
            parking.withdraw(1);
        }

        @Arbiter
        public void arbiter(I_Result r) {
            r.r1 = bits(parking);
        }
    }

    /** One of two sleepers wakes on its own while a publisher wakes one. */
    @JCStressTest
    @State
    @Outcome(id = "0", expect = ACCEPTABLE, desc = "The first woke on its own, the second was woken.")
    @Outcome(id = "2", expect = ACCEPTABLE, desc = "The wake-up was for the first.")
    @Outcome(expect = FORBIDDEN, desc = "A bit was lost or left behind.")
    public static class WithdrawAndWakeUp {
        private final Parking parking = new Parking(2);

        public WithdrawAndWakeUp() {
            parking.announce(0);
            parking.announce(1);
        }

        @Actor
        public void worker() {
            parking.withdraw(0);
        }

        @Actor
        public void publisher() {
            parking.wakeOne();
        }

        @Arbiter
        public void arbiter(I_Result r) {
            r.r1 = bits(parking);
        }
    }
}
