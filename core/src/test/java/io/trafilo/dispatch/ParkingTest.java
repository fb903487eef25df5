package io.trafilo.dispatch;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BooleanSupplier;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(value = 60, unit = TimeUnit.SECONDS)
class ParkingTest {
    private static final long LONG_NANOS = TimeUnit.SECONDS.toNanos(50);

    /** Ends all sleepers that are awake. */
    private final AtomicBoolean over = new AtomicBoolean();

    private Thread sleeper(Parking parking, int worker, AtomicInteger asleep, AtomicInteger woken) {
        Thread thread = new Thread(() -> {
            parking.register(worker);
            parking.announce(worker);
            asleep.incrementAndGet();
            while (TestPool.sleeps(parking, worker) && !over.get()) { // the watch looks from time to time
                parking.park(worker, LONG_NANOS, () -> true, () -> LONG_NANOS);
            }
            parking.withdraw(worker);
            woken.incrementAndGet();
        });
        thread.start();
        return thread;
    }

    @Test
    void shouldWakeOneSleeperAtATime() throws InterruptedException {
        int workers = Long.SIZE;
        Parking parking = new Parking(workers);
        AtomicInteger asleep = new AtomicInteger();
        AtomicInteger woken = new AtomicInteger();
        Thread[] threads = new Thread[workers];
        for (int i = 0; i < workers; i++) {
            threads[i] = sleeper(parking, i, asleep, woken);
        }
        Awaitility.await().until(() -> asleep.get() == workers);
        for (int i = 1; i <= workers; i++) {
            parking.wakeOne();
            int expected = i;
            Awaitility.await().pollInterval(Duration.ofMillis(1)).until(() -> woken.get() >= expected);
            assertThat(woken).hasValue(expected);
        }
        parking.wakeOne(); // nobody is left
        for (Thread thread : threads) {
            thread.join();
        }
    }

    @Test
    void shouldLeaveSleeperAloneWhileAnotherLooksSoon() throws InterruptedException {
        Parking parking = new Parking(2);
        AtomicInteger asleep = new AtomicInteger();
        AtomicInteger woken = new AtomicInteger();
        Thread thread = sleeper(parking, 1, asleep, woken);
        Awaitility.await().until(() -> asleep.get() == 1);
        parking.looksSoon(0, System.nanoTime() + LONG_NANOS);
        parking.wakeOneIfNoneLooks();
        Awaitility.await().during(Duration.ofMillis(50)).until(() -> woken.get() == 0);
        parking.looksSoon(0, System.nanoTime() - Parking.SOON_NANOS);
        parking.wakeOneIfNoneLooks();
        Awaitility.await().until(() -> woken.get() == 1);
        thread.join();
    }

    @Test
    void shouldWakeAllAtOnce() throws InterruptedException {
        Parking parking = new Parking(5);
        AtomicInteger asleep = new AtomicInteger();
        AtomicInteger woken = new AtomicInteger();
        Thread[] threads = new Thread[5];
        for (int i = 0; i < 5; i++) {
            threads[i] = sleeper(parking, i, asleep, woken);
        }
        Awaitility.await().until(() -> asleep.get() == 5);
        over.set(true);
        parking.wakeAll();
        for (Thread thread : threads) {
            thread.join();
        }
        assertThat(woken).hasValue(5);
    }

    @Test
    void shouldLoseNoWakeUpWhenWorkComesWhileAWorkerFallsAsleep() throws InterruptedException {
        int rounds = 20_000;
        Parking parking = new Parking(1);
        AtomicLong work = new AtomicLong();
        AtomicLong done = new AtomicLong();
        Thread worker = new Thread(() -> {
            parking.register(0);
            while (done.get() < rounds) {
                parking.announce(0);
                if (work.get() == done.get()) {
                    parking.park(0, LONG_NANOS, () -> true, () -> LONG_NANOS);
                }
                parking.withdraw(0);
                done.set(work.get());
            }
        });
        worker.start();
        for (int i = 1; i <= rounds; i++) {
            work.set(i);
            parking.wakeOne();
            while (done.get() < i) {
                Thread.onSpinWait();
            }
        }
        worker.join();
    }

    @Test
    void shouldTakeAWithdrawnWorkerForAwake() throws InterruptedException {
        Parking parking = new Parking(2);
        AtomicInteger asleep = new AtomicInteger();
        AtomicInteger woken = new AtomicInteger();
        Thread sleeper = sleeper(parking, 1, asleep, woken);
        Awaitility.await().until(() -> asleep.get() == 1);
        parking.register(0);
        parking.announce(0);
        parking.withdraw(0);
        parking.withdraw(0);
        parking.wakeOne(); // so it is the other one's
        sleeper.join();
        assertThat(woken).hasValue(1);
    }

    /** A worker that sleeps until the test is over; counts how often it woke. */
    private Thread looker(Parking parking, int worker, AtomicInteger looks, BooleanSupplier idle) {
        Thread thread = new Thread(() -> {
            parking.register(worker);
            while (!over.get()) {
                parking.announce(worker);
                parking.park(worker, LONG_NANOS, idle, () -> LONG_NANOS);
                parking.withdraw(worker);
                looks.incrementAndGet();
            }
        });
        thread.start();
        return thread;
    }

    private static void awaitDeepSleep(Parking parking, Thread thread) {
        Awaitility.await().until(() -> parking.isDeep() && thread.getState() == Thread.State.TIMED_WAITING);
    }

    private void end(Parking parking, Thread... threads) throws InterruptedException {
        over.set(true);
        for (Thread thread : threads) {
            while (thread.isAlive()) {
                parking.wakeAll();
                thread.join(1);
            }
        }
    }

    @Test
    void shouldSleepUntilWokenWhenNobodyWorks() throws InterruptedException {
        Parking parking = new Parking(2);
        AtomicInteger looks = new AtomicInteger();
        Thread first = looker(parking, 0, looks, () -> true);
        Thread second = looker(parking, 1, looks, () -> true);
        awaitDeepSleep(parking, first);
        int before = looks.get();
        Awaitility.await().during(Duration.ofMillis(100)).until(() -> looks.get() == before);
        end(parking, first, second);
    }

    @Test
    void shouldLookFromTimeToTimeWhileSomebodyWorks() throws InterruptedException {
        Parking parking = new Parking(1);
        AtomicInteger looks = new AtomicInteger();
        Thread thread = looker(parking, 0, looks, () -> false);
        Awaitility.await().until(() -> looks.get() > 5);
        end(parking, thread);
    }

    @Test
    void shouldMakeADeepSleeperLookAgainWhenSomebodyBeginsToWork() throws InterruptedException {
        Parking parking = new Parking(1);
        AtomicInteger looks = new AtomicInteger();
        AtomicBoolean idle = new AtomicBoolean(true);
        Thread thread = looker(parking, 0, looks, idle::get);
        awaitDeepSleep(parking, thread);
        int before = looks.get();
        idle.set(false);
        parking.keepWatch();
        Awaitility.await().until(() -> looks.get() > before + 2);
        end(parking, thread);
    }

    @Test
    void shouldGiveTheWatchToAnotherSleeperWhenItsHolderBeginsToWork() throws InterruptedException {
        Parking parking = new Parking(2);
        AtomicBoolean works = new AtomicBoolean();
        AtomicInteger looks = new AtomicInteger();
        Thread holder = new Thread(() -> {
            parking.register(0);
            parking.announce(0);
            while (!works.get()) {
                parking.park(0, LONG_NANOS, () -> true, () -> LONG_NANOS);
            }
            parking.withdraw(0);
            parking.keepWatch();
        });
        holder.start();
        awaitDeepSleep(parking, holder);
        Thread other = looker(parking, 1, looks, () -> false);
        Awaitility.await().until(() -> TestPool.sleeps(parking, 1));
        works.set(true);
        parking.wakeAll();
        holder.join();
        Awaitility.await().until(() -> looks.get() > 5);
        end(parking, other);
    }
}
