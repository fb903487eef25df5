package io.trafilo.dispatch;

import io.trafilo.WaitMode;
import org.agrona.concurrent.BackoffIdleStrategy;
import org.agrona.concurrent.BusySpinIdleStrategy;
import org.agrona.concurrent.IdleStrategy;

/** What a worker does when it finds no work, for each {@link WaitMode}. */
final class IdleStrategies {
    /** How often a worker looks for work without giving up its processor. */
    static final int SPINS = 64;

    private IdleStrategies() {}

    /** A strategy for one worker. {@code sleep} waits until there may be work. */
    static IdleStrategy of(WaitMode mode, Runnable sleep) {
        return switch (mode) {
            case PARK -> new SpinThenSleep(sleep);
            case YIELD -> new BackoffIdleStrategy(SPINS, Long.MAX_VALUE, 0, 0); // never parks
            case BUSY_SPIN -> BusySpinIdleStrategy.INSTANCE;
        };
    }

    /** Unlike what Agrona has, it sleeps until it is woken: a nap of fixed length takes processor time, or adds latency. */
    private static final class SpinThenSleep implements IdleStrategy {
        private final Runnable sleep;
        private int spins;

        SpinThenSleep(Runnable sleep) {
            this.sleep = sleep;
        }

        @Override
        public void idle() {
            if (spins < SPINS) {
                spins++;
                Thread.onSpinWait();
            } else {
                sleep.run();
            }
        }

        @Override
        public void idle(int workCount) {
            if (workCount > 0) {
                reset();
            } else {
                idle();
            }
        }

        @Override
        public void reset() {
            if (spins != 0) { // a busy worker writes nothing that may share a cache line with another worker's
                spins = 0;
            }
        }
    }
}
