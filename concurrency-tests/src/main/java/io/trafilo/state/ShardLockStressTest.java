package io.trafilo.state;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.II_Result;

/** Plain fields under a shard's lock. */
public final class ShardLockStressTest {
    private ShardLockStressTest() {}

    /** Two threads take the lock. */
    @JCStressTest
    @State
    @Outcome(id = "1, 2", expect = ACCEPTABLE, desc = "The first thread first.")
    @Outcome(id = "2, 1", expect = ACCEPTABLE, desc = "The second thread first.")
    @Outcome(expect = FORBIDDEN, desc = "What each thread counted up to.")
    public static class Lock {
        private final ShardLock lock = new ShardLock();
        private int count;

        @Actor
        public void first(II_Result r) {
            r.r1 = increment();
        }

        @Actor
        public void second(II_Result r) {
            r.r2 = increment();
        }

        private int increment() {
            lock.lock(Long.MAX_VALUE, () -> false);
            try {
                count++;
                return count;
            } finally {
                lock.unlock();
            }
        }
    }

    /** One thread takes the lock, the other only if it is free. */
    @JCStressTest
    @State
    @Outcome(id = "1, 1", expect = ACCEPTABLE, desc = "The lock was not free.")
    @Outcome(id = "2, 2", expect = ACCEPTABLE, desc = "Both had it, one after the other.")
    @Outcome(expect = FORBIDDEN, desc = "How many had the lock; what they counted up to.")
    public static class TryLock {
        private final ShardLock lock = new ShardLock();
        private int count;
        private int holders = 1;

        @Actor
        public void worker() {
            lock.lock(Long.MAX_VALUE, () -> false);
            try {
                count++;
            } finally {
                lock.unlock();
            }
        }

        @Actor
        public void timers() {
            if (lock.tryLock()) {
                try {
                    count++;
                    holders++;
                } finally {
                    lock.unlock();
                }
            }
        }

        @Arbiter
        public void arbiter(II_Result r) {
            r.r1 = holders;
            r.r2 = count;
        }
    }

    /** A thread gives up on a hold just as it ends or is renewed. */
    @JCStressTest
    @State
    @Outcome(
            id = {"0, 0", "1, 0"},
            expect = ACCEPTABLE,
            desc = "It gave up or had the lock, and the next hold is unmarked.")
    @Outcome(expect = FORBIDDEN, desc = "Whether it had the lock; whether a later hold counts as stalled.")
    public static class Mark {
        private static final int HOLDS = 3;
        private static final int SPINS = 600;

        private final ShardLock lock = new ShardLock();

        @Actor
        public void holder() {
            for (int hold = 0; hold < HOLDS; hold++) {
                lock.lock(Long.MAX_VALUE, () -> false);
                spin();
                lock.renew();
                spin();
                lock.unlock();
            }
        }

        private static void spin() {
            for (int i = 0; i < SPINS; i++) {
                Thread.onSpinWait();
            }
        }

        @Actor
        public void waiter(II_Result r) {
            if (lock.lock(0, () -> false)) {
                lock.unlock();
                r.r1 = 1;
            }
        }

        @Arbiter
        public void arbiter(II_Result r) {
            lock.lock(Long.MAX_VALUE, () -> false);
            r.r2 = lock.isStalled() ? 1 : 0;
            lock.unlock();
        }
    }
}
