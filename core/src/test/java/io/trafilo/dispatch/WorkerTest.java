package io.trafilo.dispatch;

import static io.trafilo.testing.TestEngine.until;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.trafilo.Counter;
import io.trafilo.ErrorListener.Stage;
import io.trafilo.WaitMode;
import io.trafilo.failures.Progress;
import io.trafilo.ledger.PaddedLongs;
import io.trafilo.testing.Parts;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** One worker: how much it takes, whom it wakes, when it sleeps, and what others see of it. */
@Timeout(60)
class WorkerTest {
    private static final int OTHER = 1;

    private final TestPool test = new TestPool();
    private Worker<String> worker;

    private void makeOfTwo() {
        test.workers = 2;
        test.make();
        worker = test.newWorker(0);
    }

    /** As if the other worker slept; who wakes it gives this thread a permit. */
    private void sleep(int other) {
        test.parking.register(other);
        test.parking.announce(other);
    }

    private void emitMessages(int count) {
        for (int i = 0; i < count; i++) {
            test.offer(i);
        }
    }

    /** Takes a run and gives its length. */
    private long take() {
        long before = test.cursor.claimed();
        assertThat(worker.takeRun()).isTrue();
        return test.cursor.claimed() - before;
    }

    /** A run of so many messages that takes so long. */
    private void run(int messages, long nanos) {
        emitMessages(messages);
        while (test.cursor.claimed() < test.ring.available()) {
            take();
            long nowNanos = System.nanoTime();
            worker.updatePace(nowNanos - nanos, nowNanos);
        }
    }

    private void becomeFast() {
        for (int i = 0; i < 200; i++) {
            run(1, 0);
        }
    }

    private static Stage stageOf(Progress progress) {
        return Progress.stageOf(progress.word());
    }

    // ---- how much it takes

    @Test
    void shouldTakeItsShareAndWakeAnotherWhileItsPaceIsNotKnown() {
        makeOfTwo();
        sleep(OTHER);
        emitMessages(1);
        sleep(OTHER); // whom the publisher has woken
        assertThat(take()).as("all there is").isEqualTo(1);
        assertThat(test.sleeps(OTHER)).isTrue();
        emitMessages(4);
        sleep(OTHER);
        assertThat(take()).as("of 4").isEqualTo(2);
        assertThat(test.sleeps(OTHER)).isFalse();
    }

    @Test
    void shouldTakeAllAndWakeNobodyWhenItIsFast() {
        makeOfTwo();
        becomeFast();
        emitMessages(4);
        sleep(OTHER);
        assertThat(take()).isEqualTo(4);
        assertThat(test.sleeps(OTHER)).isTrue();
    }

    /** Worth waking are 50 us of work. A run of 20 us with two messages: a pace of 10 us each, known at once. */
    @ParameterizedTest
    @CsvSource({"4, 4, true", "5, 3, false"})
    void shouldShareWhatIsWorthIt(int messages, int taken, boolean sleepsOn) {
        makeOfTwo();
        becomeFast();
        emitMessages(2);
        assertThat(take()).isEqualTo(2);
        worker.updatePace(1_000, 21_000);
        emitMessages(messages);
        sleep(OTHER);
        assertThat(take()).isEqualTo(taken);
        assertThat(test.sleeps(OTHER)).isEqualTo(sleepsOn);
    }

    /** 10 us, then 2: three quarters of the one and one of the other are 8. */
    @ParameterizedTest
    @CsvSource({"6, 6", "7, 4"})
    void shouldBelieveThatItIsFasterByAndBy(int messages, int taken) {
        makeOfTwo();
        becomeFast();
        run(1, 10_000);
        run(1, 2_000);
        emitMessages(messages);
        assertThat(take()).isEqualTo(taken);
    }

    /** It looks soon if a whole run, of 8, takes less than 100 us. */
    @ParameterizedTest
    @CsvSource({"12499, true", "12500, false"})
    void shouldSayThatItLooksSoonWhenARunIsShort(long nanos, boolean soon) throws Exception {
        makeOfTwo();
        becomeFast();
        PaddedLongs looked = (PaddedLongs) Parts.partOf(test.parking, "lookedNanos");
        long before = looked.getAcquire(0);
        run(1, nanos);
        assertThat(looked.getAcquire(0) != before).isEqualTo(soon);
    }

    @Test
    void shouldHaveNoPaceAfterARunWithoutMessages() {
        makeOfTwo();
        new StuckPublisher(test.ring).publishUnreadable();
        test.ring.slot(0).clear(); // of a publication
        assertThat(take()).isEqualTo(1);
        worker.updatePace(0, 1);
        emitMessages(4);
        assertThat(take()).as("a share").isEqualTo(2);
    }

    // ---- what others see of it

    @Test
    void shouldBeSeenInCallbacksOnlyWhileItIsInThem() {
        List<Boolean> handling = new ArrayList<>();
        List<Stage> stages = new ArrayList<>();
        AtomicLong now = new AtomicLong(TestPool.SECOND_NANOS);
        test.clock = now::get;
        test.handler = (event, state) -> handling.add(worker.tenure.isHandling());
        test.sink = (window, state) -> handling.add(worker.tenure.isHandling());
        test.errorListener = (stage, key, error) -> {
            handling.add(worker.tenure.isHandling());
            stages.add(stageOf(worker.progress()));
        };
        makeOfTwo();
        emitMessages(1);
        take();
        worker.handleRun();
        assertThat(worker.tenure.isHandling()).isFalse();
        worker.pollTimers(now.addAndGet(TestPool.SECOND_NANOS));
        assertThat(worker.tenure.isHandling()).isFalse();
        assertThat(worker.recover(new IllegalStateException("on purpose"))).isTrue();
        assertThat(worker.tenure.isHandling()).isFalse();

        assertThat(handling).hasSize(4).containsOnly(true);
        assertThat(stages).containsExactly(Stage.ENGINE);
        assertThat(stageOf(worker.progress())).isNull();
    }

    @Test
    void shouldSayWhenItsTimersAreToBePolledAgain() {
        AtomicLong now = new AtomicLong(TestPool.SECOND_NANOS);
        test.clock = now::get;
        test.sink = (window, state) -> {};
        makeOfTwo();
        assertThat(worker.pollTimers(now.get())).isEqualTo(RunHandler.NO_TIMER);
        emitMessages(1);
        take();
        worker.handleRun();
        assertThat(worker.pollTimers(now.addAndGet(300_000))).isEqualTo(700_000); // the slide is a millisecond
    }

    @Test
    void shouldGiveItsSlotsBackAndNotBeTakenForAsleepWhenAnErrorLedOutOfARun() {
        makeOfTwo();
        becomeFast();
        emitMessages(3);
        test.ring.slot(test.cursor.claimed() + 2).length = Integer.MAX_VALUE; // cannot be copied out
        assertThatThrownBy(worker::takeRun).isInstanceOf(IndexOutOfBoundsException.class);
        assertThat(test.ring.remainingCapacity()).isLessThan(TestPool.RING);
        sleep(0);

        assertThat(worker.recover(new IllegalStateException("on purpose"))).isTrue();

        assertThat(test.ring.remainingCapacity()).isEqualTo(TestPool.RING);
        assertThat(test.sleeps(0)).isFalse();
        assertThat(test.book.sum(Counter.ABANDONED)).isEqualTo(3);
        emitMessages(4);
        assertThat(take()).as("a share, for its pace is not known any more").isEqualTo(2);
    }

    // ---- how it waits

    private Thread threadOf(int index) {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.getName().equals("pool-worker-" + index))
                .findFirst()
                .orElseThrow();
    }

    @Test
    void shouldSleepWhenThereIsNothingToDoAndNotBeTakenForAsleepWhileItsTimersGoOff() {
        List<Boolean> sleepsInSink = new CopyOnWriteArrayList<>();
        test.sink = (window, state) -> sleepsInSink.add(test.sleeps(0));
        test.make();
        test.pool.start();
        test.offer(1);
        until(() -> sleepsInSink.size() >= 2); // with the event, and a slide later
        until(() -> test.sleeps(0));
        Thread thread = threadOf(0);
        until(() -> thread.getState() == Thread.State.TIMED_WAITING);
        test.end();
        assertThat(sleepsInSink).containsOnly(false);
    }

    @ParameterizedTest
    @EnumSource(names = {"BUSY_SPIN", "YIELD"})
    void shouldNeverSleepWhenItIsNotTo(WaitMode mode) {
        AtomicInteger handled = new AtomicInteger();
        AtomicLong rounds = new AtomicLong(); // in each the worker reads the clock
        test.clock = () -> TestPool.SECOND_NANOS + rounds.incrementAndGet();
        test.waitMode = mode;
        test.handler = (event, state) -> handled.incrementAndGet();
        test.make();
        test.pool.start();
        Thread thread = threadOf(0);
        for (int i = 1; i <= 20; i++) {
            test.offer(1);
            int expected = i;
            until(() -> handled.get() == expected);
            long idleFrom = rounds.get();
            until(() -> rounds.get() > idleFrom + 10 * IdleStrategies.SPINS); // longer than one that sleeps would spin
            assertThat(test.sleeps(0)).isFalse();
            assertThat(thread.getState()).isNotIn(Thread.State.WAITING, Thread.State.TIMED_WAITING);
        }
        test.end();
    }

    /** A callback has left an interrupt behind, with which nothing parks. */
    @Test
    void shouldSleepAgainAfterAnInterrupt() {
        AtomicInteger handled = new AtomicInteger();
        test.handler = (event, state) -> {
            Thread.currentThread().interrupt();
            handled.incrementAndGet();
        };
        test.make();
        test.pool.start();
        test.offer(1);
        until(() -> handled.get() == 1);
        Thread thread = threadOf(0);
        until(() -> thread.getState() == Thread.State.TIMED_WAITING);
        assertThat(thread.isInterrupted()).isFalse();
        test.end();
    }

    @Test
    void shouldLetTimersGoOffThoughItAlwaysHasWork() {
        AtomicInteger windowsOfFirst = new AtomicInteger();
        test.maxClaim = 1;
        test.handler = (event, state) -> {
            if (event.payloadByte(0) == 2) {
                test.ring.offer(new byte[] {2}, 0, 1, 1);
            }
        };
        test.sink = (window, state) -> {
            if (window.key().byteAt(0) == 1) {
                windowsOfFirst.incrementAndGet();
            }
        };
        test.make();
        test.offer(1);
        test.offer(2);
        test.offer(2);
        test.pool.start();
        until(() -> windowsOfFirst.get() >= 2); // the second a slide later
        assertThat(test.sleeps(0)).isFalse();
        test.end();
    }
}
