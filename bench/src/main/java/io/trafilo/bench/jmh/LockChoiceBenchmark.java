package io.trafilo.bench.jmh;

import java.util.SplittableRandom;
import java.util.concurrent.locks.ReentrantLock;
import java.util.concurrent.locks.StampedLock;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.infra.Blackhole;

/**
 * Which lock guards a shard best: each operation takes the lock of a random stripe and works under it for a moment, as a worker
 * does. Run with {@code -t 1} and {@code -t 2}, and {@code -prof gc} for what waiting allocates.
 */
@State(Scope.Benchmark)
public class LockChoiceBenchmark extends AverageNanos {
    private static final int TRIES = 128;

    /** How many locks: one that all want, or as many as an engine has by default. */
    @Param({"1", "128"})
    public int stripes = 1;

    /** Work under the lock, in tokens of {@link Blackhole#consumeCPU}. */
    @Param("40")
    public long work = 40;

    private Stripe[] locks;

    /** A lock of each kind, and the data it guards. */
    private static final class Stripe {
        final Object monitor = new Object();
        final ReentrantLock reentrant = new ReentrantLock();
        final StampedLock stamped = new StampedLock();
        long updates;
    }

    /** Which stripe a thread takes next. */
    @State(Scope.Thread)
    public static class Walk {
        private static final int LENGTH = 1 << 12;

        private final int[] order = new int[LENGTH];
        private int position;

        /** Draws the order. */
        @Setup
        public void draw(LockChoiceBenchmark benchmark) {
            SplittableRandom random =
                    new SplittableRandom(Thread.currentThread().getId());
            for (int i = 0; i < LENGTH; i++) {
                order[i] = random.nextInt(benchmark.stripes);
            }
        }

        int next() {
            position = (position + 1) & (LENGTH - 1);
            return order[position];
        }
    }

    /** Makes the locks. */
    @Setup
    public void setUp() {
        locks = new Stripe[stripes];
        for (int i = 0; i < stripes; i++) {
            locks[i] = new Stripe();
        }
    }

    /** Only the work: what the others are to be compared with. */
    @Benchmark
    public long withoutLock(Walk walk) {
        Blackhole.consumeCPU(work);
        return walk.next();
    }

    /** The monitor of an object. */
    @Benchmark
    public long monitor(Walk walk) {
        Stripe stripe = locks[walk.next()];
        synchronized (stripe.monitor) {
            return update(stripe);
        }
    }

    /** A reentrant lock. */
    @Benchmark
    public long reentrant(Walk walk) {
        Stripe stripe = locks[walk.next()];
        stripe.reentrant.lock();
        try {
            return update(stripe);
        } finally {
            stripe.reentrant.unlock();
        }
    }

    /**
     * A reentrant lock, tried a bounded number of times before the thread queues for it: what a shard has, less what notices a hold
     * that stalls.
     */
    @Benchmark
    public long reentrantTriedFirst(Walk walk) {
        Stripe stripe = locks[walk.next()];
        lockTrying(stripe.reentrant);
        try {
            return update(stripe);
        } finally {
            stripe.reentrant.unlock();
        }
    }

    private static void lockTrying(ReentrantLock lock) {
        for (int i = 0; i < TRIES; i++) {
            if (lock.tryLock()) {
                return;
            }
            Thread.onSpinWait();
        }
        lock.lock();
    }

    /** The write lock of a stamped lock. */
    @Benchmark
    public long stamped(Walk walk) {
        Stripe stripe = locks[walk.next()];
        long stamp = stripe.stamped.writeLock();
        try {
            return update(stripe);
        } finally {
            stripe.stamped.unlockWrite(stamp);
        }
    }

    private long update(Stripe stripe) {
        Blackhole.consumeCPU(work);
        return ++stripe.updates;
    }
}
