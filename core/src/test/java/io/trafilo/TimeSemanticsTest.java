package io.trafilo;

import static io.trafilo.testing.TestEngine.SLIDE;
import static io.trafilo.testing.TestEngine.START_NANOS;
import static io.trafilo.testing.TestEngine.WINDOW;
import static org.assertj.core.api.Assertions.assertThat;

import io.trafilo.spi.ListenerHost;
import io.trafilo.testing.TestBuffer;
import io.trafilo.testing.TestEngine;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/** Which time an event has and which time a window goes by. The index of all rows is in {@link SemanticsTest}. */
class TimeSemanticsTest {
    private static final long SIZE_NANOS = WINDOW.toNanos();

    /** What a handler saw of one event. */
    private record Seen(long timestampNanos, long receiptNanos, boolean late) {}

    private final List<Seen> seen = new CopyOnWriteArrayList<>();

    private TestEngine start(Consumer<TrafiloBuilder<AtomicLong>> settings) {
        return TestEngine.start(builder -> {
            builder.handler(
                    (event, state) -> seen.add(new Seen(event.timestampNanos(), event.receiptNanos(), event.isLate())));
            settings.accept(builder);
        });
    }

    @Nested
    class TimeOfAnEvent {
        @Test
        void shouldBeTheTimeOfReceiptOfTheWholeBatch() {
            try (TestEngine test = start(builder -> {})) {
                var intake = ListenerHost.of(test.engine()).openIntake(TestBuffer.ACCESS, timeout -> {});
                long receiptNanos = intake.epochNanos();
                assertThat(receiptNanos).isEqualTo(START_NANOS);
                test.clock.advanceNanos(10); // what passes between the read and the handling
                intake.publish(TestBuffer.copies(3, "key "), 3, receiptNanos);
                test.awaitHandled();

                assertThat(seen).hasSize(3).containsOnly(new Seen(START_NANOS, START_NANOS, false));
                assertThat(test.windows("key").get(0).oldestNanos()).isEqualTo(START_NANOS);
                assertThat(test.windows("key").get(0).endNanos()).isEqualTo(START_NANOS + 10);
                intake.close();
            }
        }

        @Test
        void shouldBeTheTimeOfTheCallWhenEmittedByHand() {
            try (TestEngine test = start(builder -> {})) {
                test.clock.advanceNanos(3);
                test.send("key ");
                assertThat(seen).containsExactly(new Seen(START_NANOS + 3, START_NANOS + 3, false));
            }
        }

        @Test
        void shouldBeTheOneThatTheParserGives() {
            try (TestEngine test = start(builder -> {})) {
                test.send("key @" + (START_NANOS - 42));
                assertThat(seen).containsExactly(new Seen(START_NANOS - 42, START_NANOS, false));
                assertThat(test.lastWindow("key").newestNanos()).isEqualTo(START_NANOS - 42);
            }
        }
    }

    @Nested
    class Clock {
        @Test
        void shouldNotGoBackWhenTheInjectedClockDoes() {
            try (TestEngine test = start(builder -> builder.emitWhenQuiet(false))) {
                test.send("key ");
                test.clock.advance(SLIDE.negated());
                test.send("key ", "key @" + START_NANOS); // which is not ahead of the time once seen
                test.clock.advance(SLIDE);
                test.send("key ");
                assertThat(test.counts("key")).containsExactly(1L); // no slide has passed
                test.clock.advance(SLIDE);
                test.send("key ");

                assertThat(test.counts("key")).containsExactly(1L, 5L);
                WindowResult window = test.lastWindow("key");
                assertThat(window.endNanos()).isEqualTo(START_NANOS + SLIDE.toNanos());
                assertThat(window.oldestNanos()).isEqualTo(START_NANOS - SLIDE.toNanos());
                assertThat(test.ledger().count(Counter.LATE)).isZero();
                assertThat(test.ledger().count(Counter.SKEWED)).isZero();
            }
        }

        @Test
        void shouldGoOnWhenTheClockStandsStill() {
            try (TestEngine test = start(builder -> {})) {
                for (int i = 0; i < 100; i++) {
                    test.offer("key ");
                }
                test.awaitHandled();
                assertThat(test.counts("key")).containsExactly(1L);
                test.clock.advance(SLIDE);
                test.awaitWindows("key", 2);
                assertThat(test.counts("key")).containsExactly(1L, 100L);
            }
        }

        @Test
        void shouldEmitOnceWhenTheClockJumpsOverManySlides() {
            try (TestEngine test = start(builder -> {})) {
                test.send("key ");
                test.clock.advance(SLIDE.multipliedBy(3));
                test.awaitWindows("key", 2);
                test.passSlides(1);
                assertThat(test.counts("key")).containsExactly(1L, 1L, 1L);
                assertThat(test.windows("key").get(1).endNanos()).isEqualTo(START_NANOS + 3 * SLIDE.toNanos());
            }
        }

        @Test
        void shouldStartAtTheWallClockAndFollowTheMonotonicOne() {
            long beforeMillis = System.currentTimeMillis();
            long beforeNanos = System.nanoTime();
            EngineClock clock = EngineClock.anchored();
            long first = clock.epochNanos();
            long second = clock.epochNanos();
            long elapsedNanos = System.nanoTime() - beforeNanos;

            assertThat(first).isGreaterThanOrEqualTo(TimeUnit.MILLISECONDS.toNanos(beforeMillis));
            assertThat(second - first).isBetween(0L, elapsedNanos);
        }
    }

    @Nested
    class Now {
        @Test
        void shouldBeReadOnceForAllEventsOfARun() {
            List<TestEngine> self = new ArrayList<>();
            try (TestEngine test = TestEngine.build(builder -> builder.slide(Duration.ofNanos(1))
                    .emitWhenQuiet(false)
                    .handler((event, state) -> self.get(0).clock.advance(SLIDE))
                    .parser((buffer, offset, length, out) -> {
                        out.event(offset, 1, offset, length);
                        out.event(offset + 1, 1, offset, length);
                    }))) {
                self.add(test);
                test.engine().start();
                test.send("ab");
                test.send("ab");
                assertThat(test.windows("a"))
                        .extracting(WindowResult::endNanos)
                        .containsExactly(START_NANOS, START_NANOS + 2 * SLIDE.toNanos());
                assertThat(test.windows("b"))
                        .extracting(WindowResult::endNanos)
                        .containsExactly(START_NANOS, START_NANOS + 2 * SLIDE.toNanos());
            }
        }
    }

    @Nested
    class LateEvent {
        @Test
        void shouldReachTheHandlerButNotTheWindow() {
            try (TestEngine test = start(builder -> builder.emitWhenQuiet(false))) {
                test.send("key @" + (START_NANOS - SIZE_NANOS), "key @" + (START_NANOS - SIZE_NANOS - 1));
                assertThat(seen)
                        .containsExactly(
                                new Seen(START_NANOS - SIZE_NANOS, START_NANOS, false),
                                new Seen(START_NANOS - SIZE_NANOS - 1, START_NANOS, true));
                assertThat(test.ledger().count(Counter.LATE)).isEqualTo(1);
                assertThat(test.ledger().count(Counter.HANDLED)).isEqualTo(2);
                assertThat(test.ledger().count(Counter.TIMESTAMPS_ADDED)).isEqualTo(1);
                assertThat(test.counts("key")).containsExactly(1L);
            }
        }

        @Test
        void shouldMakeAnEmptyWindowWhenItIsTheFirstOfItsKey() {
            try (TestEngine test = start(builder -> {})) {
                test.send("key @1");
                test.passSlides(3);
                assertThat(test.windows("key")).hasSize(1);
                WindowResult window = test.lastWindow("key");
                assertThat(window.count()).isZero();
                assertThat(window.total()).isEqualTo(1);
                assertThat(window.oldestNanos()).isEqualTo(window.endNanos());
                assertThat(window.newestNanos()).isEqualTo(window.endNanos());
            }
        }

        @Test
        void shouldBeLateHoweverOldItIs() {
            try (TestEngine test = start(builder -> {})) {
                for (long ancient : new long[] {0, -1, Long.MIN_VALUE / 2, Long.MIN_VALUE + 1, Long.MIN_VALUE}) {
                    test.send("key @" + ancient);
                }
                assertThat(test.ledger().count(Counter.LATE)).isEqualTo(5);
                assertThat(test.ledger().count(Counter.SKEWED)).isZero();
                assertThat(test.ledger().count(Counter.TIMESTAMPS_ADDED)).isZero();
            }
        }
    }

    @Nested
    class Skewed {
        @Test
        void shouldBeTakenAsNowAndCounted() {
            try (TestEngine test = start(builder -> {})) {
                test.send("key @" + (START_NANOS + 1), "key @" + START_NANOS, "key @" + Long.MAX_VALUE);
                assertThat(seen).hasSize(3).containsOnly(new Seen(START_NANOS, START_NANOS, false));
                assertThat(test.ledger().count(Counter.SKEWED)).isEqualTo(2);
                test.passSlides(1);
                assertThat(test.lastWindow("key").count()).isEqualTo(3);
                assertThat(test.lastWindow("key").newestNanos()).isEqualTo(START_NANOS);
            }
        }
    }

    @Nested
    class TimeBasisEvent {
        @Test
        void shouldMoveTheWindowByEventTimeAlone() {
            try (TestEngine test = start(builder -> builder.timeBasis(TimeBasis.EVENT))) {
                long t = START_NANOS - 3_600_000_000_000L;
                test.send("key @" + t);
                test.send("key @" + (t + SLIDE.toNanos() - 1)); // no slide yet
                test.clock.advance(Duration.ofHours(1)); // changes nothing
                test.send("key @" + (t + SLIDE.toNanos()));
                test.send("key @" + (t + SIZE_NANOS)); // the first one is inside still
                test.send("key @" + (t + SIZE_NANOS + SLIDE.toNanos())); // now it is not, nor is the second
                assertThat(test.counts("key")).containsExactly(1L, 3L, 4L, 3L);
                assertThat(test.lastWindow("key").endNanos()).isEqualTo(t + SIZE_NANOS + SLIDE.toNanos());
                assertThat(test.lastWindow("key").oldestNanos()).isEqualTo(t + SLIDE.toNanos());
            }
        }

        @Test
        void shouldStaySilentWhenNothingArrives() {
            try (TestEngine test =
                    start(builder -> builder.timeBasis(TimeBasis.EVENT).idleTimeout(WINDOW))) {
                test.send("key @" + START_NANOS);
                test.clock.advance(WINDOW.minusNanos(1));
                test.send("other @" + START_NANOS);
                test.clock.advanceNanos(1);
                TestEngine.until(() -> test.disposed.contains(Key.of("key"))); // idle keys go by the clock
                assertThat(test.counts("key")).containsExactly(1L);
                assertThat(test.knows("other")).isTrue();
            }
        }

        @Test
        void shouldGoOnAfterAnEventTimeFromLongAgo() {
            try (TestEngine test = start(builder -> builder.timeBasis(TimeBasis.EVENT))) {
                test.send("key @" + Long.MIN_VALUE, "key @" + START_NANOS);
                assertThat(test.ledger().count(Counter.SKEWED)).isZero();
                assertThat(test.windows("key")).hasSize(2);
                assertThat(test.lastWindow("key").endNanos()).isEqualTo(START_NANOS);
                assertThat(test.lastWindow("key").count()).isEqualTo(1);
            }
        }

        @Test
        void shouldGiveTheSameWindowsEachTimeARecordingIsReplayed() {
            List<String> recording = recording();
            List<WindowResult> first = replay(recording, builder -> {}, Duration.ZERO);
            List<WindowResult> again = replay(recording, builder -> {}, Duration.ofDays(400));
            List<WindowResult> elsewhere = replay(
                    recording,
                    builder -> builder.shards(64).maxClaim(1).ringCapacity(2).clock(EngineClock.anchored()),
                    Duration.ZERO);

            assertThat(first).hasSizeGreaterThan(100).anyMatch(window -> window.count() > 20);
            assertThat(again).isEqualTo(first);
            assertThat(elsewhere).isEqualTo(first);
        }

        /** Five keys, out of order by up to eight seconds, so that some events are late. */
        private List<String> recording() {
            Random random = new Random(20_260_101);
            List<String> recording = new ArrayList<>();
            long t = START_NANOS - Duration.ofHours(1).toNanos();
            for (int i = 0; i < 3_000; i++) {
                t += random.nextInt(100_000_000);
                long delay = random.nextInt(4) == 0 ? (long) (random.nextDouble() * 8e9) : 0;
                recording.add("key" + random.nextInt(5) + " @" + (t - delay));
            }
            return recording;
        }

        private List<WindowResult> replay(
                List<String> recording, Consumer<TrafiloBuilder<AtomicLong>> settings, Duration later) {
            try (TestEngine test = start(builder -> settings.accept(builder.timeBasis(TimeBasis.EVENT)))) {
                test.clock.advance(later);
                for (String message : recording) {
                    byte[] bytes = message.getBytes(StandardCharsets.UTF_8);
                    while (!test.engine().offer(bytes, 0, bytes.length)) {
                        Thread.onSpinWait();
                    }
                    test.clock.advanceNanos(later.isZero() ? 1 : 1_000_000_000);
                }
                test.awaitHandled();
                assertThat(test.ledger().count(Counter.LATE)).isPositive();
                assertThat(test.ledger().count(Counter.SKEWED)).isZero();
                return List.copyOf(test.windows);
            }
        }
    }
}
