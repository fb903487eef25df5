package io.trafilo.state;

import static java.util.concurrent.TimeUnit.MILLISECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** How long a thread waits for a shard that another one holds. */
@Timeout(60)
class ShardLockTest {
    private static final long SHORT_NANOS = MILLISECONDS.toNanos(4);
    private static final long FOREVER_NANOS = MILLISECONDS.toNanos(1_000_000);

    private static final Set<Thread.State> WAITING = Set.of(Thread.State.WAITING, Thread.State.TIMED_WAITING);

    private final ShardLock lock = new ShardLock();

    /** Takes the lock on a thread of its own, and gives it back when {@link #giveBack} is called. */
    private final class Holder {
        private final CountDownLatch release = new CountDownLatch(1);
        private final CompletableFuture<Void> done;

        Holder() throws InterruptedException {
            CountDownLatch held = new CountDownLatch(1);
            done = CompletableFuture.runAsync(() -> {
                lock.tryLock();
                held.countDown();
                try {
                    release.await();
                } catch (InterruptedException e) {
                    throw new IllegalStateException(e);
                } finally {
                    lock.unlock();
                }
            });
            held.await();
        }

        void giveBack() {
            release.countDown();
            done.join();
        }
    }

    private boolean lockFor(long nanos) {
        boolean had = lock.lock(nanos, () -> false);
        if (had) {
            lock.unlock();
        }
        return had;
    }

    @Test
    void shouldGiveUpAndMarkTheHoldWhenItLasts() throws InterruptedException {
        Holder holder = new Holder();
        assertThat(lock.isStalled()).isFalse();
        assertThat(lockFor(SHORT_NANOS)).isFalse();
        assertThat(lock.isStalled()).isTrue();
        assertThat(lockFor(FOREVER_NANOS))
                .as("does not wait for what is known to last")
                .isFalse();

        holder.giveBack();
        assertThat(lockFor(FOREVER_NANOS)).isTrue();
        assertThat(lock.isStalled()).isFalse();
    }

    @Test
    void shouldNotTakeTheNextHoldForStalled() throws Exception {
        Holder first = new Holder();
        assertThat(lockFor(SHORT_NANOS)).isFalse();
        first.giveBack();
        Holder second = new Holder();
        assertThat(lock.isStalled()).isFalse();

        FutureTask<Boolean> waiter = new FutureTask<>(() -> lockFor(FOREVER_NANOS));
        Thread thread = new Thread(waiter);
        thread.start();
        Awaitility.await().until(() -> thread.getState() == Thread.State.TIMED_WAITING);
        second.giveBack();
        assertThat(waiter.get()).isTrue();
    }

    private interface Acquirer {
        void acquire(ShardLock lock) throws Exception;
    }

    private static Arguments acquirer(String name, boolean queues, Acquirer acquirer) {
        return Arguments.of(name, queues, acquirer);
    }

    static Stream<Arguments> acquirers() {
        return Stream.of(
                acquirer("lock with patience", false, lock -> lock.lock(FOREVER_NANOS, () -> false)),
                acquirer("lock with patience, in the queue", true, lock -> lock.lock(FOREVER_NANOS, () -> false)),
                acquirer("tryLock", false, ShardLock::tryLock),
                acquirer("tryLockUntil", false, lock -> lock.tryLockUntil(System.nanoTime())),
                acquirer(
                        "tryLockUntil, in the queue",
                        true,
                        lock -> lock.tryLockUntil(System.nanoTime() + FOREVER_NANOS)));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("acquirers")
    void shouldBeginAndEndEachHoldWithANumberOfItsOwn(String name, boolean queues, Acquirer acquirer) throws Exception {
        Holder before = new Holder();
        long first = lock.currentHold();
        FutureTask<Long> hold = new FutureTask<>(() -> {
            if (!queues) {
                before.giveBack();
            }
            acquirer.acquire(lock);
            long number = lock.currentHold();
            lock.unlock();
            return number;
        });
        Thread thread = new Thread(hold);
        thread.start();
        if (queues) {
            Awaitility.await().until(() -> WAITING.contains(thread.getState()));
            before.giveBack();
        }
        // the first ended with first + 1, which is the number of nobody's hold
        assertThat(hold.get()).isEqualTo(first + 2);
        assertThat(lock.currentHold()).isEqualTo(first + 3);
    }

    @Tag("slow")
    @Test
    void shouldWaitOnWhenTheHolderRenewsItsHold() throws Exception {
        CountDownLatch never = new CountDownLatch(1);
        lock.tryLock();
        FutureTask<Boolean> waiter = new FutureTask<>(() -> lockFor(50 * SHORT_NANOS));
        new Thread(waiter).start();
        for (int i = 0; i < 40; i++) {
            assertThat(never.await(30, MILLISECONDS)).isFalse();
            lock.renew();
        }
        lock.unlock();
        assertThat(waiter.get()).isTrue();
    }

    /** A reentrant hold that is partly given back looks to others like the next one. */
    @Tag("slow")
    @Test
    void shouldWaitOnWhenTheLockGoesFromHandToHand() throws Exception {
        int holds = 40;
        CountDownLatch never = new CountDownLatch(1);
        FutureTask<Boolean> waiter = new FutureTask<>(() -> lockFor(50 * SHORT_NANOS));
        for (int i = 0; i < holds; i++) {
            lock.tryLock();
        }
        new Thread(waiter).start();
        for (int i = 0; i < holds; i++) {
            assertThat(never.await(30, MILLISECONDS)).isFalse();
            lock.unlock();
        }
        assertThat(waiter.get()).isTrue();
    }

    @Test
    void shouldGiveUpWhenInterruptedInAHurryAndKeepTheInterrupt() throws Exception {
        Holder holder = new Holder();
        AtomicBoolean hurried = new AtomicBoolean();
        FutureTask<Boolean> waiter = new FutureTask<>(() -> {
            boolean had = lock.lock(FOREVER_NANOS, hurried::get);
            assertThat(Thread.currentThread().isInterrupted()).isTrue();
            return had;
        });
        Thread thread = new Thread(waiter);
        thread.start();
        Awaitility.await().until(() -> thread.getState() == Thread.State.TIMED_WAITING);
        thread.interrupt();
        Awaitility.await().until(() -> !thread.isInterrupted() && thread.getState() == Thread.State.TIMED_WAITING);
        assertThat(waiter.isDone()).as("an interrupt alone changes nothing").isFalse();
        hurried.set(true);
        thread.interrupt();
        assertThat(waiter.get()).isFalse();
        assertThat(lock.isStalled()).isFalse();
        holder.giveBack();
    }
}
