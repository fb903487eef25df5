package io.trafilo.dispatch;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import io.trafilo.Counter;
import io.trafilo.ledger.CounterRow;
import java.util.concurrent.atomic.AtomicInteger;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.III_Result;
import org.openjdk.jcstress.infra.results.II_Result;

/** Publishers and workers on one ring: contents, wrap-around and closing. */
public final class MessageRingStressTest {
    private MessageRingStressTest() {}

    /** A ring of two slots. */
    private static class SmallRing {
        final WorkCursor cursor = new WorkCursor(2, 2);
        final CounterRow row = new CounterRow();
        final MessageRing ring = new MessageRing(2, cursor, new Parking(2), 4, row);
        final Messages first = new Messages(ring, cursor, 0);
        final Messages second = new Messages(ring, cursor, 1);
    }

    /** A message is published while a worker looks for one. */
    @JCStressTest
    @State
    @Outcome(id = "0, 0", expect = ACCEPTABLE, desc = "The worker came first.")
    @Outcome(id = "2, 0", expect = ACCEPTABLE, desc = "The worker saw the whole message.")
    @Outcome(expect = FORBIDDEN, desc = "Messages seen; messages not whole.")
    public static class Publication extends SmallRing {
        @Actor
        public void publisher() {
            Messages.offer(ring, 1);
        }

        @Actor
        public void worker(II_Result r) {
            first.takeRun();
            r.r1 = first.seen;
            r.r2 = first.wrong;
        }
    }

    /** Six messages go through two slots; one worker reads them in order. */
    @JCStressTest
    @State
    @Outcome(id = "126, 0", expect = ACCEPTABLE, desc = "All six, whole, once and in order.")
    @Outcome(expect = FORBIDDEN, desc = "Messages seen; messages not whole, seen twice or out of order.")
    public static class Wrap extends SmallRing {
        @Actor
        public void publisher() {
            for (int number = 1; number <= 6; number++) {
                Messages.offerUntilTaken(ring, number);
            }
            ring.seal();
        }

        @Actor
        public void worker(II_Result r) {
            first.takeAll();
            r.r1 = first.seen;
            r.r2 = first.wrong;
        }
    }

    /** Two publishers send four messages each through two slots. Each is a worker as well. */
    @JCStressTest
    @State
    @Outcome(id = "7710, 0, 0", expect = ACCEPTABLE, desc = "All eight, whole and once.")
    @Outcome(expect = FORBIDDEN, desc = "Messages seen; seen by both; not whole, seen twice or out of order.")
    public static class WrapOfTwo extends SmallRing {
        private final AtomicInteger publishing = new AtomicInteger(2);

        @Actor
        public void first() {
            publishAndTake(0, first);
        }

        @Actor
        public void second() {
            publishAndTake(1, second);
        }

        private void publishAndTake(int publisher, Messages messages) {
            Patience patience = new Patience();
            for (int n = 1; n <= 4; n++) {
                while (!Messages.offer(ring, publisher * Messages.STRIDE + n)) {
                    messages.takeRun();
                    patience.yieldOnce();
                }
            }
            if (publishing.decrementAndGet() == 0) {
                ring.seal();
            }
            messages.takeAll();
        }

        @Arbiter
        public void arbiter(III_Result r) {
            r.r1 = first.seen | second.seen;
            r.r2 = first.seen & second.seen;
            r.r3 = first.wrong + second.wrong;
        }
    }

    /** The ring is sealed and drained while messages are offered. Exactly the accepted ones are read. */
    @JCStressTest
    @State
    @Outcome(id = "0, 0, 0", expect = ACCEPTABLE, desc = "Neither was accepted, neither was read.")
    @Outcome(
            id = "2, 2, 1",
            expect = ACCEPTABLE,
            desc = "The first was accepted, and read before the ring was drained.")
    @Outcome(id = "6, 6, 2", expect = ACCEPTABLE, desc = "Both were accepted, and read before the ring was drained.")
    @Outcome(expect = FORBIDDEN, desc = "Messages accepted; messages read; messages counted.")
    public static class Seal extends SmallRing {
        private int taken;

        @Actor
        public void publisher() {
            for (int number = 1; number <= 2; number++) {
                if (Messages.offer(ring, number)) {
                    taken |= 1 << number;
                }
            }
        }

        @Actor
        public void closer() {
            ring.seal();
            first.takeAll();
        }

        @Arbiter
        public void arbiter(III_Result r) {
            second.takeAll(); // whatever was published after the drain; must be nothing
            r.r1 = taken;
            r.r2 = first.seen | second.seen << 16;
            r.r3 = (int) row.get(Counter.OFFERED) + first.wrong + second.wrong;
        }
    }

    /** Offers are refused, then the ring is sealed and drained, as the engine does. */
    @JCStressTest
    @State
    @Outcome(id = "0, 0, 0", expect = ACCEPTABLE, desc = "Neither was accepted, neither was read.")
    @Outcome(
            id = "2, 2, 1",
            expect = ACCEPTABLE,
            desc = "The first was accepted, and read before the ring was drained.")
    @Outcome(id = "6, 6, 2", expect = ACCEPTABLE, desc = "Both were accepted, and read before the ring was drained.")
    @Outcome(expect = FORBIDDEN, desc = "Messages accepted; messages read; messages counted.")
    public static class RefuseAndSeal extends Seal {
        @Override
        @Actor
        public void publisher() {
            super.publisher();
        }

        @Override
        @Actor
        public void closer() {
            ring.refuseOffers();
            super.closer();
        }

        @Override
        @Arbiter
        public void arbiter(III_Result r) {
            super.arbiter(r);
        }
    }
}
