package io.trafilo;

import static io.trafilo.testing.TestEngine.until;
import static org.assertj.core.api.Assertions.assertThat;

import io.trafilo.ErrorListener.Stage;
import io.trafilo.spi.Intake;
import io.trafilo.spi.ListenerHost;
import io.trafilo.testing.OnPurpose;
import io.trafilo.testing.StallRecorder;
import io.trafilo.testing.TestBuffer;
import io.trafilo.testing.TestEngine;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A callback hangs while the engine runs: it is reported, and everything else goes on. */
@Tag("slow")
@Timeout(60)
class StallSystemTest {
    private static final Duration STALL_TIMEOUT = Duration.ofMillis(200);
    private static final int SHARDS = 8;

    /** So many that each shard has some. */
    private static final int KEYS = 400;

    /** Where a callback can hang, and what a report says of it. */
    enum Place {
        PARSER(Stage.PARSER),
        STATE_FACTORY(Stage.STATE_FACTORY),
        HANDLER(Stage.HANDLER),
        SINK(Stage.SINK),
        DISPOSER(Stage.DISPOSER),
        ERROR_LISTENER(Stage.HANDLER);

        final Stage stage;

        Place(Stage stage) {
            this.stage = stage;
        }

        boolean holdsAShard() {
            return this != PARSER;
        }
    }

    private final Hangs hangs = new Hangs();
    private final StallRecorder recorder = new StallRecorder();
    private final List<Stall> stalls = recorder.begun;
    private final Set<String> handled = ConcurrentHashMap.newKeySet();
    private TestEngine engine;

    @AfterEach
    void end() {
        hangs.letGoAll();
        if (engine != null) {
            engine.close();
        }
        until(() -> workers().isEmpty()); // or the next test would count them
    }

    private TestEngine start(int workers, Place place) {
        return start(workers, place, builder -> {});
    }

    private TestEngine start(int workers, Place place, Consumer<TrafiloBuilder<AtomicLong>> settings) {
        engine = TestEngine.start(builder -> {
            builder.name("stall")
                    .workers(workers)
                    .shards(SHARDS)
                    .stallTimeout(STALL_TIMEOUT)
                    .stallListener(recorder)
                    .idleTimeout(place == Place.DISPOSER ? TestEngine.SLIDE : Duration.ZERO);
            hangAt(builder, place);
            settings.accept(builder);
        });
        return engine;
    }

    private void hangAt(TrafiloBuilder<AtomicLong> builder, Place place) {
        builder.parser((buffer, offset, length, out) -> {
                    String message = new String(buffer, offset, length, StandardCharsets.UTF_8);
                    hangIf(place == Place.PARSER, message.substring(0, message.indexOf(' ')));
                    EventParser.firstToken().parse(buffer, offset, length, out);
                })
                .state(key -> {
                    hangIf(place == Place.STATE_FACTORY, key);
                    return new AtomicLong();
                })
                .handler((event, state) -> {
                    hangIf(place == Place.HANDLER, event.key());
                    state.incrementAndGet();
                    handled.add(event.key().toString());
                    if (place == Place.ERROR_LISTENER
                            && event.key().toString().startsWith(Hangs.PREFIX)
                            && event.payloadText().equals("hang")) {
                        throw new OnPurpose();
                    }
                })
                .sink((window, state) -> hangIf(place == Place.SINK, window.key()))
                .disposer((key, state) -> hangIf(
                        place == Place.DISPOSER
                                && Thread.currentThread().getName().contains("-worker-"),
                        key));
        if (place == Place.ERROR_LISTENER) {
            builder.errorListener((stage, key, error) -> hangIf(stage == Stage.HANDLER, key));
        }
    }

    private void hangIf(boolean condition, Object name) {
        if (condition) {
            hangs.at(name.toString());
        }
    }

    /** Makes a callback hang, and waits until it does. */
    private void hang(TestEngine test, Place place, String name) {
        test.offer(name + " hang");
        if (place == Place.DISPOSER) {
            until(() -> handled.contains(name));
            test.clock.advance(TestEngine.SLIDE.multipliedBy(2));
        }
        hangs.await(name);
    }

    /** Sends an event of each of the ordinary keys and waits until all have an outcome. Gives how many were given up. */
    private long sendToAll(TestEngine test) {
        handled.clear();
        Ledger before = test.ledger();
        long outcomes = before.count(Counter.HANDLED) + before.count(Counter.STALLED);
        for (int i = 0; i < KEYS; i++) {
            test.offer("key" + i + " 1");
        }
        until(() -> test.ledger().count(Counter.HANDLED) + test.ledger().count(Counter.STALLED) == outcomes + KEYS);
        return test.ledger().count(Counter.STALLED) - before.count(Counter.STALLED);
    }

    private Stall awaitStall(Stage stage) {
        until(() -> stalls.stream().anyMatch(stall -> stall.stage() == stage));
        return stalls.stream().filter(stall -> stall.stage() == stage).toList().get(0);
    }

    private void awaitOver(Stall stall) {
        until(() -> recorder.ended.stream()
                .anyMatch(over -> over.stage() == stall.stage()
                        && over.thread().equals(stall.thread())
                        && String.valueOf(over.key()).equals(String.valueOf(stall.key()))));
    }

    private static List<String> workers() {
        return Thread.getAllStackTraces().keySet().stream()
                .map(Thread::getName)
                .filter(name -> name.startsWith("stall-worker-"))
                .sorted()
                .toList();
    }

    // ---- one callback hangs

    @ParameterizedTest
    @CsvSource({
        "PARSER, 1", "STATE_FACTORY, 1", "HANDLER, 1", "SINK, 1", "DISPOSER, 1", "ERROR_LISTENER, 1",
        "PARSER, 2", "STATE_FACTORY, 2", "HANDLER, 2", "SINK, 2", "DISPOSER, 2", "ERROR_LISTENER, 2"
    })
    void shouldReportItAndHandleTheEventsOfOtherShards(Place place, int workers) {
        TestEngine test = start(workers, place);
        hang(test, place, "hang1");

        long givenUp = sendToAll(test);

        Set<String> ofOtherShards = Set.copyOf(handled);
        assertThat(ofOtherShards).hasSize((int) (KEYS - givenUp));
        if (place.holdsAShard()) {
            assertThat(givenUp).isBetween(1L, KEYS / 2L);
        } else {
            assertThat(givenUp).isZero();
        }
        assertThat(sendToAll(test)).as("given up again").isEqualTo(givenUp);
        assertThat(handled).isEqualTo(ofOtherShards);
        checkReport(place);
        until(() -> workers().size() == workers + 1);
        assertThat(workers()).contains(stalls.get(0).thread() + "-substitute-1");

        hangs.letGo("hang1");
        awaitOver(awaitStall(place.stage));
        until(() -> workers().size() == workers);
        assertThat(sendToAll(test)).as("given up when it is over").isZero();
        test.close();
        checkSums(test, 2 * givenUp + (place == Place.ERROR_LISTENER ? 1 : 0));
        assertThat(test.ledger().count(Counter.ABANDONED)).isZero();
    }

    private void checkReport(Place place) {
        Stall stall = awaitStall(place.stage);
        assertThat(stall.thread()).startsWith("stall-worker-").doesNotContain("substitute");
        assertThat(stall.key()).isEqualTo(place == Place.PARSER ? null : Key.of("hang1"));
        assertThat(stall.duration()).isGreaterThanOrEqualTo(STALL_TIMEOUT);
        assertThat(stall.stack()).anyMatch(frame -> frame.getClassName().equals(Hangs.class.getName()));
    }

    private static void checkSums(TestEngine test, long handlerFailed) {
        Ledger ledger = test.ledger();
        assertThat(ledger.imbalances()).isEmpty();
        assertThat(ledger.count(Counter.HANDLER_FAILED)).as("%s", ledger).isEqualTo(handlerFailed);
        assertThat(ledger.count(Counter.OFFERED))
                .isEqualTo(ledger.count(Counter.PARSED) + ledger.count(Counter.ABANDONED));
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2})
    void shouldCloseAndGiveEverythingAnOutcomeWhenItNeverReturns(int workers) {
        TestEngine test = start(workers, Place.HANDLER, builder -> builder.closeTimeout(STALL_TIMEOUT));
        hang(test, Place.HANDLER, "hang1");
        long givenUp = sendToAll(test);
        test.offer("hang1 again");
        until(() -> test.ledger().count(Counter.STALLED) == givenUp + 1);

        test.close();

        checkSums(test, givenUp + 2);
        assertThat(test.ledger().count(Counter.HANDLED)).isEqualTo(KEYS - givenUp);
        assertThat(test.ledger().count(Counter.ABANDONED)).isZero();
        var atClose = test.ledger().asMap();
        hangs.letGoAll();
        until(() -> workers().isEmpty());
        assertThat(test.ledger().asMap()).isEqualTo(atClose);
    }

    @Test
    void shouldAbandonWhatTheHangingWorkerHadTakenWithIt() {
        TestEngine test = start(1, Place.HANDLER, builder -> builder.maxClaim(4).closeTimeout(STALL_TIMEOUT));
        hang(test, Place.HANDLER, "hang1");
        test.offer("hang2 hang", "key1 1", "key2 1", "key3 1", "key4 1"); // the first four are one run
        hangs.letGo("hang1");
        hangs.await("hang2");
        until(() -> handled.contains("key4") || test.ledger().count(Counter.STALLED) == 1);
        test.close();
        assertThat(test.ledger().count(Counter.ABANDONED)).isEqualTo(3);
        checkSums(test, 1 + test.ledger().count(Counter.STALLED));
        assertThat(test.ledger().count(Counter.HANDLED) + test.ledger().count(Counter.STALLED))
                .isEqualTo(2);
    }

    @Test
    void shouldDrainTheRingWhenClosedWhileTheOnlyWorkerHangs() {
        TestEngine test = start(1, Place.PARSER, builder -> builder.maxClaim(1).closeTimeout(Duration.ofSeconds(3)));
        hang(test, Place.PARSER, "hang1");
        for (int i = 0; i < KEYS; i++) {
            test.offer("key" + i + " 1");
        }
        test.close();
        assertThat(test.ledger().count(Counter.HANDLED)).isEqualTo(KEYS);
        assertThat(test.ledger().count(Counter.ABANDONED)).isEqualTo(1);
        assertThat(test.ledger().imbalances()).isEmpty();
    }

    // ---- what else can hang

    @Test
    void shouldGiveEventsUpAndReportItWhenAReaderHangs() {
        TestEngine test = start(1, Place.HANDLER);
        test.send("key1 1");
        Thread reader = new Thread(
                () -> test.engine().read(Key.of("key1"), state -> {
                    hangs.at("hang1");
                    return state;
                }),
                "test-reader");
        reader.start();
        hangs.await("hang1");

        long givenUp = sendToAll(test);

        assertThat(givenUp).isBetween(1L, KEYS / 2L);
        assertThat(handled).hasSize((int) (KEYS - givenUp)).doesNotContain("key1");
        Stall stall = awaitStall(Stage.ENGINE);
        assertThat(stall.thread()).isEqualTo("test-reader");
        assertThat(stall.key()).isEqualTo(Key.of("key1"));
        assertThat(workers()).as("no worker hangs").containsExactly("stall-worker-0");
        hangs.letGo("hang1");
        awaitOver(stall);
        assertThat(sendToAll(test)).isZero();
        test.close();
        checkSums(test, givenUp);
    }

    @Test
    void shouldReportAListenerThatWaitsForTheRing() throws InterruptedException {
        TestEngine test =
                start(1, Place.PARSER, builder -> builder.ringCapacity(2).maxClaim(1));
        hang(test, Place.PARSER, "hang1");
        hang(test, Place.PARSER, "hang2"); // on the substitute, and there is no other
        try (Intake<TestBuffer> intake = ListenerHost.of(test.engine()).openIntake(TestBuffer.ACCESS, timeout -> {})) {
            Thread listener = new Thread(
                    () -> intake.publish(TestBuffer.copies(10, "key 1"), 10, intake.epochNanos()), "test-listener");
            listener.start();
            Stall stall = awaitStall(Stage.LISTENER);
            assertThat(stall.thread()).isEqualTo("test-listener");
            assertThat(stall.key()).isNull();
            assertThat(stall.stack()).anyMatch(frame -> frame.getMethodName().equals("publish"));

            hangs.letGoAll();
            listener.join();
            awaitOver(stall);
        }
        test.close();
        assertThat(test.ledger().count(Counter.HANDLED)).isEqualTo(12);
        assertThat(test.ledger().imbalances()).isEmpty();
    }

    @Test
    void shouldReportACallbackOnAListenersOwnThread() throws InterruptedException {
        TestEngine test = start(1, Place.HANDLER);
        try (Intake<TestBuffer> intake =
                ListenerHost.of(test.engine()).openIntake(TestBuffer.ACCESS, new DirectHandle())) {
            Thread listener = new Thread(
                    () -> intake.publish(new TestBuffer[] {new TestBuffer("hang1 1")}, 1, intake.epochNanos()),
                    "test-listener");
            listener.start();
            Stall stall = awaitStall(Stage.HANDLER);
            assertThat(stall.thread()).isEqualTo("test-listener");
            assertThat(stall.key()).isEqualTo(Key.of("hang1"));
            assertThat(workers()).containsExactly("stall-worker-0");
            hangs.letGoAll();
            awaitOver(stall);
            listener.join();
        }
        test.close();
        assertThat(test.ledger().imbalances()).isEmpty();
    }

    // ---- several callbacks hang

    @ParameterizedTest
    @ValueSource(ints = {1, 2})
    void shouldGoOnWhenTwoShardsHang(int workers) {
        TestEngine test = start(workers, Place.HANDLER, builder -> builder.closeTimeout(STALL_TIMEOUT));
        List<String> hanging = new ArrayList<>();
        for (int i = 0; hanging.size() < 2; i++) { // a key of the first one's shard does not get in
            String name = "hang" + i;
            long stalled = test.ledger().count(Counter.STALLED);
            test.offer(name + " hang");
            until(() -> hangs.isInside(name) || test.ledger().count(Counter.STALLED) > stalled);
            if (hangs.isInside(name)) {
                hanging.add(name);
            }
        }
        if (workers == 1) { // both hang, the worker and its substitute
            until(() -> stalls.stream().map(Stall::key).distinct().count() == 2);
            hangs.letGo(hanging.get(0));
            until(() -> test.ledger().count(Counter.HANDLED) == 1);
        }
        long givenUp = sendToAll(test);
        assertThat(givenUp).isBetween(1L, KEYS * 3L / 4);
        assertThat(handled.stream().filter(name -> name.startsWith("key"))).hasSize((int) (KEYS - givenUp));
        if (workers == 2) {
            until(() -> workers().size() == 4);
            assertThat(stalls.stream().map(Stall::key).map(String::valueOf)).containsAll(hanging);
        }
        test.close();
        assertThat(test.ledger().imbalances()).isEmpty();
        assertThat(test.ledger().count(Counter.ABANDONED)).isZero();
    }

    @Test
    void shouldSayThatThereIsNoSubstituteWhenMoreHangThanThereAreWorkers() {
        TestEngine test = start(1, Place.PARSER, builder -> builder.maxClaim(1));
        hang(test, Place.PARSER, "hang1");
        hang(test, Place.PARSER, "hang2");
        test.offer("key 1");
        until(() -> !test.errors.isEmpty());
        assertThat(test.errors.get(0).stage()).isEqualTo(Stage.ENGINE);
        assertThat(test.errors.get(0).error())
                .hasMessage("worker stall-worker-0-substitute-1 hangs and gets no substitute: 1 replaced workers"
                        + " still hang (expected: fewer than workers 1)");
        assertThat(workers()).containsExactly("stall-worker-0", "stall-worker-0-substitute-1");
        assertThat(handled).isEmpty();

        hangs.letGo("hang1"); // makes room for one that relieves the second
        until(() -> handled.contains("key"));
        assertThat(hangs.isInside("hang2")).isTrue();
        assertThat(workers()).contains("stall-worker-0-substitute-1", "stall-worker-0-substitute-2");
        assertThat(test.errors).as("told once").hasSize(1);
        hangs.letGo("hang2");
        until(() -> workers().size() == 1);
        test.close();
        assertThat(test.ledger().count(Counter.HANDLED)).isEqualTo(3);
        assertThat(test.ledger().imbalances()).isEmpty();
    }

    @Test
    void shouldRelieveTheSameSeatAgainAndAgain() {
        TestEngine test = start(1, Place.HANDLER, builder -> builder.maxClaim(1));
        for (int i = 1; i <= 5; i++) {
            String name = "hang" + i;
            hang(test, Place.HANDLER, name);
            int substitutes = i;
            until(() -> workers().contains("stall-worker-0-substitute-" + substitutes));
            hangs.letGo(name);
            until(() -> workers().size() == 1);
        }
        assertThat(sendToAll(test)).isZero();
        test.close();
        checkSums(test, 0);
        assertThat(test.ledger().count(Counter.HANDLED)).isEqualTo(5 + KEYS);
        assertThat(test.errors).isEmpty();
    }

    // ---- the listener

    @ParameterizedTest
    @EnumSource(
            value = Place.class,
            names = {"PARSER", "HANDLER"})
    void shouldCountWhatTheStallListenerThrowsAndGoOn(Place place) {
        TestEngine test = start(
                1,
                place,
                builder -> builder.stallListener(new StallListener() {
                    @Override
                    public void onStall(Stall stall) {
                        recorder.onStall(stall);
                        throw new OnPurpose();
                    }

                    @Override
                    public void onStallEnd(Stall stall) {
                        recorder.onStallEnd(stall);
                        throw new OnPurpose();
                    }
                }));
        hang(test, place, "hang1");
        long givenUp = sendToAll(test);
        assertThat(handled).hasSize((int) (KEYS - givenUp));
        hangs.letGoAll();
        until(() -> !recorder.ended.isEmpty());
        until(() ->
                test.ledger().count(Counter.ERROR_LISTENER_FAILED) == recorder.begun.size() + recorder.ended.size());
        assertThat(test.engine().isRunning()).isTrue();
        test.close();
        checkSums(test, givenUp);
    }

    @Test
    void shouldGoOnAndCloseWhenTheStallListenerHangs() {
        TestEngine test = start(1, Place.PARSER, builder -> builder.stallListener(stall -> hangs.at("hang-listener"))
                .closeTimeout(STALL_TIMEOUT));
        hang(test, Place.PARSER, "hang1");
        hangs.await("hang-listener");
        assertThat(sendToAll(test)).isZero();
        test.close();
        assertThat(test.ledger().count(Counter.HANDLED)).isEqualTo(KEYS);
        assertThat(test.ledger().imbalances()).isEmpty();
    }

    @Test
    void shouldNotWaitForItselfWhenClosedByTheStallListener() {
        Trafilo<?>[] self = new Trafilo<?>[1];
        TestEngine test = TestEngine.build(builder -> {
            builder.stallTimeout(STALL_TIMEOUT)
                    .closeTimeout(Duration.ofSeconds(30))
                    .stallListener(stall -> {
                        self[0].close();
                        hangs.letGoAll();
                    });
            hangAt(builder, Place.HANDLER);
        });
        self[0] = test.engine();
        test.engine().start();
        hang(test, Place.HANDLER, "hang1");
        test.close();
        assertThat(test.ledger().count(Counter.HANDLED)).isEqualTo(1);
        assertThat(test.ledger().imbalances()).isEmpty();
    }
}
