package io.trafilo;

import static io.trafilo.testing.Parts.field;
import static io.trafilo.testing.Parts.partOf;
import static io.trafilo.testing.TestEngine.until;
import static org.assertj.core.api.Assertions.assertThat;

import io.trafilo.ErrorListener.Stage;
import io.trafilo.dispatch.MessageRing;
import io.trafilo.dispatch.StuckPublisher;
import io.trafilo.ledger.LedgerBook;
import io.trafilo.spi.ListenerHost;
import io.trafilo.testing.Gate;
import io.trafilo.testing.OnPurpose;
import io.trafilo.testing.TestBuffer;
import io.trafilo.testing.TestEngine;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import java.util.function.LongPredicate;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** An error in the handling of another one on a worker: what it held has one outcome, and the same thread goes on. */
@Timeout(60)
class WorkerSecondFailureSystemTest {
    private static final int MAX_CLAIM = 8;
    private static final int RING = 16;
    private static final String ANY_WORKER = "twice-worker-";
    private static final String WORKER = ANY_WORKER + "0";

    private final AtomicReference<@Nullable RuntimeException> first = new AtomicReference<>();
    private final FailingDecision failing = new FailingDecision(ANY_WORKER);
    private final Gate inside = new Gate();
    private final Gate go = new Gate();
    private final Hangs hangs = new Hangs();
    private volatile @Nullable Stage slowStage;
    private final Gate told = new Gate();
    private final AtomicReference<String> handledOn = new AtomicReference<>();
    private final AtomicLong atWorkAgainNanos = new AtomicLong();
    private volatile boolean clockFails;
    private TestEngine test;
    private List<Integer> sizesAtStart;

    private static boolean onWorker() {
        return Thread.currentThread().getName().startsWith(ANY_WORKER);
    }

    private long clock() {
        if (clockFails && onWorker() && go.isOpen()) {
            throw new OnPurpose();
        }
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

    private void start(Duration stallTimeout, Consumer<TrafiloBuilder<?>> settings) throws Exception {
        test = TestEngine.start(builder -> {
            builder.name("twice")
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
                        if (go.isOpen()) {
                            atWorkAgainNanos.compareAndSet(0, System.nanoTime());
                        }
                        inside.open();
                        go.pass();
                    });
            settings.accept(builder);
        });
        failing.install(test);
        sizesAtStart = sizes();
        test.offer("key 1");
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
        Object engine = test.engine();
        List<?> rows = (List<?>) partOf(partOf(engine, "book"), "rows");
        Map<?, ?> sightings = (Map<?, ?>) partOf(partOf(engine, "watch"), "sightings");
        return List.of(rows.size(), sightings.size());
    }

    private void checkGoesOn(long abandoned) throws Exception {
        awaitOutcomes(); // what is offered now must not be a part of the run that fails
        for (int i = 0; i < 5 * RING; i++) { // several times round
            test.offer("key 1");
            awaitOutcomes();
        }
        assertThat(handledOn).hasValue(WORKER);
        assertThat(sizes()).as("nothing is left behind").isEqualTo(sizesAtStart);
        until(() -> !test.errors.isEmpty());
        assertThat(test.engine().failure()).isEmpty();
        test.close();
        assertThat(test.ledger().count(Counter.ABANDONED)).isEqualTo(abandoned);
        assertThat(test.ledger().imbalances()).isEmpty();
    }

    private void awaitOutcomes() {
        until(() -> {
            Ledger ledger = test.ledger();
            return ledger.count(Counter.HANDLED) + ledger.count(Counter.ABANDONED)
                    == ledger.count(Counter.OFFERED) + ledger.count(Counter.PUBLISHED);
        });
    }

    private List<Throwable> reported() {
        return test.errors.stream().map(TestEngine.Heard::error).toList();
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 10})
    void shouldGoOnAndLeaveNoGapInTheRing(int errorsInARow) throws Exception {
        start(Duration.ofSeconds(500));
        for (int i = 0; i < RING; i++) {
            test.offer("key 1");
        }
        OnPurpose cause = new OnPurpose();
        first.set(cause);
        failing.arm(errorsInARow);
        go.open();

        checkGoesOn(0);

        until(() -> test.errors.size() == 2);
        assertThat(test.errors).extracting(TestEngine.Heard::stage).containsOnly(Stage.ENGINE);
        assertThat(reported()).first().isSameAs(failing.error());
        assertThat(reported()).as("the one that began it").last().isSameAs(cause);
    }

    /** The first error stops the engine, and a second one comes before that is reported. */
    @Test
    void shouldReportThatTheEngineStoppedThoughTheCountingFailsThen() throws Exception {
        start(Duration.ofSeconds(500));
        publishWhatFailsInTheMiddle();
        Object failures = partOf(test.engine(), "failures");
        LongPredicate refuses = nowNanos -> false;
        field(failures, "budget").set(failures, refuses);
        FailingReports reports = FailingReports.install(test, 1);
        go.open();

        assertThat(TestEngine.run(test.engine())).isPresent();

        assertThat(reports.left()).isZero();
        assertThat(test.ledger().imbalances()).isEmpty();
        until(() -> reported().stream().anyMatch(EngineFailedException.class::isInstance));
        until(() -> !isAlive(WORKER));
    }

    @Test
    void shouldStopVisiblyWhenTheErrorsDoNotEnd() throws Exception {
        start(Duration.ofSeconds(500));
        first.set(new OnPurpose());
        clockFails = true;
        failing.arm(0);
        go.open();

        assertThat(TestEngine.run(test.engine())).isPresent();

        assertThat(test.ledger().imbalances()).isEmpty();
        until(() -> !isAlive(WORKER));
        until(() -> test.errors.stream().anyMatch(heard -> heard.error() instanceof EngineFailedException));
    }

    /** The best of three, for a busy machine. */
    @Tag("slow")
    @Test
    void shouldBeAtWorkAgainWithinATenthOfASecond() throws Exception {
        long bestNanos = Long.MAX_VALUE;
        for (int i = 0; i < 3; i++) {
            long nanos = new WorkerSecondFailureSystemTest().untilAtWorkNanos();
            System.out.printf("WorkerSecondFailureSystemTest: at work again after %.1f ms%n", nanos / 1e6);
            bestNanos = Math.min(bestNanos, nanos);
        }
        assertThat(bestNanos).isBetween(0L, TimeUnit.MILLISECONDS.toNanos(100));
    }

    private long untilAtWorkNanos() throws Exception {
        start(Duration.ofSeconds(500));
        test.offer("key 1");
        first.set(new OnPurpose());
        failing.arm(1);
        long startNanos = System.nanoTime();
        go.open();

        checkGoesOn(0);

        return atWorkAgainNanos.get() - startNanos;
    }

    /** The run is copied out half. */
    @ParameterizedTest
    @ValueSource(ints = {1, 2})
    void shouldCountTheClaimedRunOnceWhenItFailsInTheMiddleOfCounting(int errorsInARow) throws Exception {
        start(Duration.ofSeconds(500));
        TestBuffer[] sent = publishWhatFailsInTheMiddle();
        FailingReports reports = FailingReports.install(test, errorsInARow);
        go.open();

        checkGoesOn(1 + sent.length);

        checkReleasedAndTold(sent, reports);
    }

    @Test
    void shouldGoOnThoughTheErrorListenerHangsInAReleaseOfItsRun() throws Exception {
        slowStage = Stage.LISTENER;
        start(Duration.ofSeconds(500));
        TestBuffer[] sent = publishWhatFailsInTheMiddle();
        go.open();

        until(() -> test.ledger().count(Counter.ABANDONED) == 1 + sent.length);
        test.offer("key 1");
        until(() -> test.ledger().count(Counter.HANDLED) == 2);

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
    void shouldGoOnThoughTheErrorListenerHangsAndAReportFails() throws Exception {
        slowStage = Stage.LISTENER;
        start(Duration.ofSeconds(500));
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
        Object engine = test.engine();
        StuckPublisher publisher = new StuckPublisher((MessageRing) partOf(engine, "ring"));
        ((LedgerBook) partOf(engine, "book")).shared().addShared(Counter.OFFERED, 1);
        publisher.publishUnreadable();
        TestBuffer[] buffers = TestBuffer.copies(count, "key 1");
        TestBuffer[] sent = buffers.clone();
        var intake = ListenerHost.of(test.engine()).openIntake(new FailingRelease(), timeout -> {});
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

    /** It fails to count, twice. */
    private FailingReports closeWhileItFails() throws Exception {
        Thread closing = new Thread(test::close);
        closing.start();
        until(() -> !test.engine().isRunning());
        FailingReports reports = FailingReports.install(test, 2);
        go.open();
        closing.join();
        return reports;
    }

    @Test
    void shouldCountTheClaimedRunWhenItFailsTwiceInAClose() throws Exception {
        start(Duration.ofSeconds(500));
        TestBuffer[] sent = publishWhatFailsInTheMiddle();

        FailingReports reports = closeWhileItFails();

        assertThat(test.ledger().count(Counter.ABANDONED)).isEqualTo(1 + sent.length);
        assertThat(test.ledger().imbalances()).isEmpty();
        checkReleasedAndTold(sent, reports);
    }

    @Test
    void shouldCountTheClaimedRunWhenItFailsTwiceInACloseInWhichAnotherHangs() throws Exception {
        start(Duration.ofSeconds(500), builder -> builder.workers(2).shards(2).closeTimeout(Duration.ofMillis(300)));
        test.offer(Hangs.PREFIX + " 1");
        until(() -> test.ledger().count(Counter.PARSED) == 2);
        TestBuffer[] sent = publishWhatFailsInTheMiddle(7); // half of which, with the first, one takes

        FailingReports reports = closeWhileItFails();

        assertThat(test.ledger().imbalances()).isEmpty();
        checkReleasedAndTold(sent, reports);
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void shouldStopVisiblyWhenTheSecondErrorMustStopTheEngine(boolean errorListenerHangs) throws Exception {
        slowStage = errorListenerHangs ? Stage.ENGINE : null;
        start(Duration.ofSeconds(50));
        for (int i = 0; i < RING; i++) {
            test.offer("key 1");
        }
        failing.failWith(new OutOfMemoryError("on purpose"));
        OnPurpose cause = new OnPurpose();
        first.set(cause);
        failing.arm(1);
        go.open();

        assertThat(TestEngine.run(test.engine())).containsSame(failing.error());

        assertThat(test.ledger().imbalances()).isEmpty();
        assertThat(test.ledger().count(Counter.OFFERED)).isEqualTo(1 + RING);
        told.open();
        until(() -> !isAlive(WORKER));
        until(() -> reported().stream().anyMatch(error -> error.getCause() == cause));
        assertThat(reported()).first().isSameAs(failing.error());
    }
}
