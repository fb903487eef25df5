package io.trafilo;

import static io.trafilo.testing.Parts.field;
import static io.trafilo.testing.Parts.partOf;
import static io.trafilo.testing.TestEngine.until;
import static org.assertj.core.api.Assertions.assertThat;

import io.trafilo.ErrorListener.Stage;
import io.trafilo.dispatch.MessageRing;
import io.trafilo.dispatch.StuckPublisher;
import io.trafilo.dispatch.WorkerPool;
import io.trafilo.ledger.Counter;
import io.trafilo.ledger.LedgerBook;
import io.trafilo.testing.Gate;
import io.trafilo.testing.TestBuffer;
import io.trafilo.testing.TestEngine;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** An error in the handling of another one leads out of a worker's thread: what it held is counted, and it has a successor. */
@Timeout(60)
class WorkerDeathSystemTest {
    private static final int MAX_CLAIM = 8;
    private static final int RING = 16;
    private static final String ANY_WORKER = "dies-worker-";
    private static final String WORKER = ANY_WORKER + "0";

    private final AtomicReference<@Nullable RuntimeException> first = new AtomicReference<>();
    private final FailingTelling deadly = new FailingTelling(ANY_WORKER);
    private final Gate inside = new Gate();
    private final Gate go = new Gate();
    private final Hangs hangs = new Hangs();
    private volatile @Nullable Stage slowStage;
    private final Gate told = new Gate();
    private final AtomicReference<String> handledOn = new AtomicReference<>();
    private final AtomicLong firstBySuccessorNanos = new AtomicLong();
    private TestEngine test;
    private List<Integer> sizesAtStart;

    private static boolean onWorker() {
        return Thread.currentThread().getName().startsWith(ANY_WORKER);
    }

    private long clock() {
        RuntimeException error = onWorker() && go.isOpen() ? first.getAndSet(null) : null;
        if (error != null) {
            throw error;
        }
        return TestEngine.START_NANOS;
    }

    private void hear(Stage stage, @Nullable Key key, Throwable error) {
        test.errors.add(new TestEngine.Heard(stage, key, error));
        if (stage == slowStage) {
            told.pass();
        }
    }

    /** An engine whose only worker is in a callback, and so leaves the ring alone. */
    private void start(Duration stallTimeout) throws Exception {
        start(stallTimeout, builder -> {});
    }

    private void start(Duration stallTimeout, Consumer<Trafilo.Builder<?>> settings) throws Exception {
        test = TestEngine.start(builder -> {
            builder.name("dies")
                    .maxClaim(MAX_CLAIM)
                    .ringCapacity(RING)
                    .stallTimeout(stallTimeout)
                    .clock(this::clock)
                    .errorListener(this::hear)
                    .handler((event, state) -> {
                        handledOn.set(Thread.currentThread().getName());
                        String key = event.key().toString();
                        if (key.equals(Hangs.PREFIX)) {
                            hangs.at(key);
                            return;
                        }
                        if (!Thread.currentThread().getName().equals(WORKER)) {
                            firstBySuccessorNanos.compareAndSet(0, System.nanoTime());
                        }
                        inside.open();
                        go.pass();
                    });
            settings.accept(builder);
        });
        deadly.install(test);
        sizesAtStart = sizes();
        test.emit("key 1");
        inside.pass();
    }

    /** Others look for threads of the same name. */
    @AfterEach
    void end() {
        go.open();
        told.open();
        hangs.letGoAll();
        if (test != null) {
            test.close();
        }
    }

    private static boolean isAlive(String threadName) {
        return Thread.getAllStackTraces().keySet().stream()
                .anyMatch(thread -> thread.getName().equals(threadName));
    }

    /** The rows of the ledger, and the threads under watch. */
    private List<Integer> sizes() throws Exception {
        Object engine = partOf(test.engine(), "engine");
        List<?> rows = (List<?>) partOf(partOf(engine, "book"), "rows");
        Map<?, ?> sightings = (Map<?, ?>) partOf(partOf(engine, "watch"), "sightings");
        return List.of(rows.size(), sightings.size());
    }

    private void checkGoesOn(long abandoned) throws Exception {
        String substitute = WORKER + "-substitute-1";
        until(() -> !isAlive(WORKER) && isAlive(substitute));
        for (int i = 0; i < 5 * RING; i++) { // several times round
            test.emit("key 1");
            until(() -> {
                Ledger ledger = test.ledger();
                return ledger.handled() + ledger.abandoned() == ledger.emitted() + ledger.published();
            });
        }
        assertThat(handledOn).hasValue(substitute);
        assertThat(sizes()).as("nothing is left of the dead").isEqualTo(sizesAtStart);
        until(() -> !test.errors.isEmpty());
        assertThat(test.engine().failure()).isEmpty();
        test.close();
        assertThat(test.ledger().abandoned()).isEqualTo(abandoned);
        assertThat(test.ledger().imbalances()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2})
    void shouldHaveASuccessorAndLeaveNoGapInTheRing(int errorsInARow) throws Exception {
        start(Duration.ofMillis(errorsInARow == 1 ? 500_000 : 200)); // the guard has to tell of the second
        for (int i = 0; i < RING; i++) {
            test.emit("key 1");
        }
        first.set(new OnPurpose());
        deadly.arm(errorsInARow);
        go.open();

        checkGoesOn(0);

        until(() -> test.errors.size() == 1);
        assertThat(test.errors.get(0).stage()).isEqualTo(Stage.ENGINE);
        assertThat(test.errors.get(0).error()).isSameAs(deadly.error());
    }

    /** The best of three, for a busy machine. */
    @Tag("slow")
    @Test
    void shouldHaveASuccessorAtWorkWithinATenthOfASecond() throws Exception {
        long bestNanos = Long.MAX_VALUE;
        for (int i = 0; i < 3; i++) {
            long nanos = new WorkerDeathSystemTest().untilSuccessorNanos();
            System.out.printf("WorkerDeathSystemTest: successor at work after %.1f ms%n", nanos / 1e6);
            bestNanos = Math.min(bestNanos, nanos);
        }
        assertThat(bestNanos).isBetween(0L, TimeUnit.MILLISECONDS.toNanos(100));
    }

    /** The guard, whose next look is far away, has no part in it. */
    private long untilSuccessorNanos() throws Exception {
        start(Duration.ofSeconds(500));
        test.emit("key 1");
        first.set(new OnPurpose());
        deadly.arm(1);
        long startNanos = System.nanoTime();
        go.open();

        checkGoesOn(0);

        return firstBySuccessorNanos.get() - startNanos;
    }

    /** The run is copied out half. */
    @ParameterizedTest
    @ValueSource(ints = {1, 2})
    void shouldCountTheRunInHandOnceWhenItDiesInTheMiddleOfCounting(int errorsInARow) throws Exception {
        start(Duration.ofMillis(200));
        TestBuffer[] sent = publishWhatFailsInTheMiddle();
        FailingReports reports = FailingReports.install(test, errorsInARow);
        go.open();

        checkGoesOn(1 + sent.length);

        checkReleasedAndTold(sent, reports);
    }

    /** It has not died, and tells of the buffers that it could not release on its way. */
    @Test
    void shouldGoOnThoughTheErrorListenerHangsInAReleaseOfItsRun() throws Exception {
        slowStage = Stage.LISTENER;
        start(Duration.ofSeconds(500));
        TestBuffer[] sent = publishWhatFailsInTheMiddle();
        go.open();

        until(() -> test.ledger().abandoned() == 1 + sent.length);
        test.emit("key 1");
        until(() -> test.ledger().handled() == 2);

        assertThat(handledOn).hasValue(WORKER);
        told.open();
        until(() -> heardAt(Stage.LISTENER) == sent.length);
        test.close();
        for (TestBuffer buffer : sent) {
            assertThat(buffer.releases()).isEqualTo(1);
        }
        assertThat(test.ledger().imbalances()).isEmpty();
    }

    /** Nobody waits for it under a lock. */
    @Test
    void shouldHaveASuccessorThoughTheErrorListenerHangsInABurial() throws Exception {
        slowStage = Stage.LISTENER;
        start(Duration.ofMillis(200));
        TestBuffer[] sent = publishWhatFailsInTheMiddle();
        FailingReports reports = FailingReports.install(test, 1);
        go.open();

        checkGoesOn(1 + sent.length);

        told.open();
        checkReleasedAndTold(sent, reports);
    }

    /** A message that cannot be copied, then buffers that cannot be released. */
    private TestBuffer[] publishWhatFailsInTheMiddle() throws Exception {
        return publishWhatFailsInTheMiddle(3);
    }

    private TestBuffer[] publishWhatFailsInTheMiddle(int count) throws Exception {
        Object engine = partOf(test.engine(), "engine");
        StuckPublisher publisher = new StuckPublisher((MessageRing) partOf(engine, "ring"));
        ((LedgerBook) partOf(engine, "book")).shared().addShared(Counter.EMITTED, 1);
        publisher.publishUnreadable();
        TestBuffer[] buffers = TestBuffer.copies(count, "key 1");
        TestBuffer[] sent = buffers.clone();
        var intake = test.engine().openIntake(new FailingRelease(), timeout -> {});
        intake.publish(buffers, buffers.length, TestEngine.START_NANOS);
        intake.close();
        return sent;
    }

    private long heardAt(Stage stage) {
        return test.errors.stream().filter(heard -> heard.stage() == stage).count();
    }

    private void checkReleasedAndTold(TestBuffer[] sent, FailingReports reports) {
        for (TestBuffer buffer : sent) {
            assertThat(buffer.releases()).isEqualTo(1);
        }
        assertThat(reports.left()).isZero();
        until(() -> test.errors.stream().anyMatch(heard -> heard.error() == reports.error()));
    }

    /** It fails to count, and then to be buried. */
    private FailingReports closeWhileItDies() throws Exception {
        Thread closing = new Thread(test::close);
        closing.start();
        until(() -> !test.engine().isRunning());
        FailingReports reports = FailingReports.install(test, 2);
        go.open();
        closing.join();
        return reports;
    }

    @Test
    void shouldCountTheRunInHandWhenItDiesInACloseAndCannotDoSoItself() throws Exception {
        start(Duration.ofSeconds(500));
        TestBuffer[] sent = publishWhatFailsInTheMiddle();

        FailingReports reports = closeWhileItDies();

        assertThat(test.ledger().abandoned()).isEqualTo(1 + sent.length);
        assertThat(test.ledger().imbalances()).isEmpty();
        checkReleasedAndTold(sent, reports);
    }

    /** So that nobody waits for the end of all workers, with which the dead are looked after. */
    @Test
    void shouldCountTheRunInHandWhenItDiesInACloseInWhichAnotherHangs() throws Exception {
        start(Duration.ofSeconds(500), builder -> builder.workers(2).shards(2).closeTimeout(Duration.ofMillis(300)));
        test.emit(Hangs.PREFIX + " 1");
        until(() -> test.ledger().parsed() == 2);
        TestBuffer[] sent = publishWhatFailsInTheMiddle(7); // half of which, with the first, one takes

        FailingReports reports = closeWhileItDies();

        assertThat(test.ledger().imbalances()).isEmpty();
        checkReleasedAndTold(sent, reports);
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void shouldStopVisiblyWhenItDiesOfWhatMustStopTheEngine(boolean errorListenerHangs) throws Exception {
        slowStage = errorListenerHangs ? Stage.ENGINE : null;
        start(Duration.ofSeconds(50));
        for (int i = 0; i < RING; i++) {
            test.emit("key 1");
        }
        deadly.failWith(new OutOfMemoryError("on purpose"));
        first.set(new OnPurpose());
        deadly.arm(1);
        go.open();

        assertThat(test.engine().run()).containsSame(deadly.error());

        assertThat(test.ledger().imbalances()).isEmpty();
        assertThat(test.ledger().emitted()).isEqualTo(1 + RING);
        told.open();
        until(() -> !isAlive(WORKER));
        until(() -> test.errors.size() == 1);
        assertThat(test.errors.get(0).error()).isSameAs(deadly.error());
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void shouldStopVisiblyWhenItsSuccessorCannotBeStarted(boolean errorListenerHangs) throws Exception {
        slowStage = errorListenerHangs ? Stage.ENGINE : null;
        start(Duration.ofMillis(200));
        Object pool = partOf(partOf(test.engine(), "engine"), "pool");
        field(pool, "settings").set(pool, null); // without which there are no more workers
        test.emit("key 1");
        first.set(new OnPurpose());
        deadly.arm(1);
        go.open();

        assertThat(test.engine().run())
                .get()
                .asInstanceOf(InstanceOfAssertFactories.THROWABLE)
                .hasMessage("worker " + WORKER + " has died and gets no substitute: it cannot be started");

        assertThat(test.ledger().imbalances()).isEmpty();
        assertThat(test.ledger().emitted()).isEqualTo(2);
        told.open();
        until(() -> !isAlive(WORKER));
        assertThat(sizes())
                .as("nothing is left of either")
                .isEqualTo(sizesAtStart.stream().map(n -> n - 1).toList());
        until(() -> test.errors.size() == 2);
    }

    @Test
    void shouldBeAwaitedWithItsSuccessor() throws Exception {
        start(Duration.ofSeconds(500));
        WorkerPool<?> pool = (WorkerPool<?>) partOf(partOf(test.engine(), "engine"), "pool");
        FutureTask<Boolean> waiting =
                new FutureTask<>(() -> pool.awaitEnd(System.nanoTime() + TimeUnit.SECONDS.toNanos(50)) && pool.ended());
        Thread thread = new Thread(waiting);
        thread.start();
        until(() -> thread.getState() == Thread.State.TIMED_WAITING);
        test.emit("key 1");
        first.set(new OnPurpose());
        deadly.arm(1);
        go.open();

        checkGoesOn(0);

        assertThat(waiting.get()).isTrue();
    }
}
