package io.trafilo;

import static io.trafilo.testing.TestEngine.SLIDE;
import static io.trafilo.testing.TestEngine.START_NANOS;
import static io.trafilo.testing.TestEngine.WINDOW;
import static io.trafilo.testing.TestEngine.until;
import static org.assertj.core.api.Assertions.assertThat;

import io.trafilo.testing.TestEngine;
import java.time.Duration;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/**
 * What is in a window, when it is emitted, and what becomes of keys without events, to the nanosecond. The index of all rows
 * is in {@link SemanticsTest}.
 */
class WindowSemanticsTest {
    private static final long SIZE_NANOS = WINDOW.toNanos();
    private static final long SLIDE_NANOS = SLIDE.toNanos();

    @Nested
    class Window {
        @Test
        void shouldHoldTheTimestampAtItsStartAndNotTheOneBefore() {
            try (TestEngine test = TestEngine.start(builder -> builder.emitWhenQuiet(false))) {
                test.send("key ", "key ");
                test.clock.advanceNanos(1);
                test.send("key ");
                test.clock.advanceNanos(SIZE_NANOS - 1);
                test.send("key "); // now - size is the time of the first two
                assertThat(test.counts("key")).containsExactly(1L, 4L);
                WindowResult window = test.lastWindow("key");
                assertThat(window.startNanos()).isEqualTo(START_NANOS);
                assertThat(window.endNanos()).isEqualTo(START_NANOS + SIZE_NANOS);
                assertThat(window.oldestNanos()).isEqualTo(START_NANOS);
                assertThat(window.newestNanos()).isEqualTo(START_NANOS + SIZE_NANOS);
                assertThat(window.total()).isEqualTo(4);
                assertThat(window.isTruncated()).isFalse();
                assertThat(window.lossDuringWindow()).isZero();
            }
        }

        @Test
        void shouldNotHoldTheTimestampOneNanosecondBeforeItsStart() {
            try (TestEngine test = TestEngine.start(builder -> builder.emitWhenQuiet(false))) {
                test.send("key ");
                test.clock.advanceNanos(1);
                test.send("key ");
                test.clock.advanceNanos(SIZE_NANOS);
                test.send("key ");
                assertThat(test.counts("key")).containsExactly(1L, 2L);
                assertThat(test.lastWindow("key").oldestNanos()).isEqualTo(START_NANOS + 1);
                assertThat(test.ledger().count(Counter.EXPIRED)).isEqualTo(1);
            }
        }

        @Test
        void shouldBeExactWhenQuietToo() {
            try (TestEngine test = TestEngine.start(builder -> builder.slide(WINDOW))) {
                test.send("old ");
                test.clock.advanceNanos(1);
                test.send("old ");
                test.clock.advanceNanos(SIZE_NANOS - 1);
                test.awaitWindows("old", 2);
                assertThat(test.counts("old")).containsExactly(1L, 2L);
                test.clock.advanceNanos(SIZE_NANOS);
                test.awaitWindows("old", 3);
                assertThat(test.counts("old")).containsExactly(1L, 2L, 0L);
            }
        }

        @Test
        void shouldTellOldestAndNewestWhenEventsAreOutOfOrder() {
            try (TestEngine test = TestEngine.start()) {
                test.clock.advance(SLIDE);
                test.send("key @" + (START_NANOS + 5));
                test.send("key @" + (START_NANOS + 9), "key @" + (START_NANOS + 2), "key @" + (START_NANOS + 7));
                test.passSlides(1);
                WindowResult window = test.lastWindow("key");
                assertThat(window.count()).isEqualTo(4);
                assertThat(window.oldestNanos()).isEqualTo(START_NANOS + 2);
                assertThat(window.newestNanos()).isEqualTo(START_NANOS + 9);
            }
        }
    }

    @Nested
    class Emission {
        @Test
        void shouldComeAtOnceWithTheFirstEvent() {
            try (TestEngine test = TestEngine.start()) {
                test.send("key ");
                assertThat(test.counts("key")).containsExactly(1L);
                assertThat(test.lastWindow("key").endNanos()).isEqualTo(START_NANOS);
            }
        }

        @Test
        void shouldComeWithAnEventWhenASlideHasPassedAndNotEarlier() {
            try (TestEngine test = TestEngine.start(builder -> builder.emitWhenQuiet(false))) {
                test.send("key ");
                test.clock.advanceNanos(SLIDE_NANOS - 1);
                test.send("key ");
                assertThat(test.counts("key")).containsExactly(1L);
                test.clock.advanceNanos(1);
                test.send("key ");
                assertThat(test.counts("key")).containsExactly(1L, 3L);
                test.send("key ");
                assertThat(test.counts("key")).containsExactly(1L, 3L);
            }
        }

        @Test
        void shouldCountTheSlideFromTheLastEmissionNotFromAGrid() {
            try (TestEngine test = TestEngine.start(builder -> builder.emitWhenQuiet(false))) {
                test.send("key ");
                test.clock.advanceNanos(SLIDE_NANOS + SLIDE_NANOS / 2);
                test.send("key ");
                test.clock.advanceNanos(SLIDE_NANOS - 1);
                test.send("key ");
                assertThat(test.windows("key")).hasSize(2);
                test.clock.advanceNanos(1);
                test.send("key ");
                assertThat(test.counts("key")).containsExactly(1L, 2L, 4L);
            }
        }

        @Test
        void shouldBeDisjointWhenSlideIsTheWindow() {
            try (TestEngine test =
                    TestEngine.start(builder -> builder.slide(WINDOW).emitWhenQuiet(false))) {
                for (int i = 0; i < 4; i++) {
                    test.send("key ");
                    test.clock.advanceNanos(SIZE_NANOS + 1);
                }
                assertThat(test.counts("key")).containsExactly(1L, 1L, 1L, 1L);
            }
        }
    }

    @Nested
    class QuietKey {
        @Test
        void shouldEmitEachSlideUntilAFinalZeroAndThenBeSilent() {
            try (TestEngine test = TestEngine.start()) {
                test.send("key ", "key ");
                test.passSlides(12);

                assertThat(test.counts("key")).containsExactly(1L, 2L, 2L, 2L, 2L, 2L, 0L);
                for (int i = 0; i < 7; i++) {
                    assertThat(test.windows("key").get(i).endNanos()).isEqualTo(START_NANOS + i * SLIDE_NANOS);
                }
                WindowResult last = test.lastWindow("key");
                assertThat(last.oldestNanos()).isEqualTo(last.endNanos());
                assertThat(last.newestNanos()).isEqualTo(last.endNanos());
                assertThat(last.total()).isEqualTo(2);
            }
        }

        @Test
        void shouldEmitNoEarlierThanASlide() {
            try (TestEngine test = TestEngine.start()) {
                test.send("beacon ");
                test.clock.advanceNanos(1);
                test.send("key ");
                test.clock.advanceNanos(SLIDE_NANOS - 1);
                test.awaitWindows("beacon", 2); // one nanosecond ahead of the key
                assertThat(test.windows("key")).hasSize(1);
                test.clock.advanceNanos(1);
                test.awaitWindows("key", 2);
                assertThat(test.lastWindow("key").endNanos()).isEqualTo(START_NANOS + 1 + SLIDE_NANOS);
            }
        }

        @Test
        void shouldWakeAndFallQuietAgain() {
            try (TestEngine test = TestEngine.start()) {
                test.send("key ");
                test.passSlides(8);
                test.send("key ");
                test.passSlides(8);
                assertThat(test.counts("key")).containsExactly(1L, 1L, 1L, 1L, 1L, 1L, 0L, 1L, 1L, 1L, 1L, 1L, 1L, 0L);
            }
        }

        @Test
        void shouldDecayWhenItWakesWhileItsIdleTimerIsSet() {
            try (TestEngine test = TestEngine.start(builder -> builder.idleTimeout(Duration.ofHours(1)))) {
                test.send("key ");
                test.passSlides(8); // from now on only the timer for idleness is set
                test.send("key ");
                test.passSlides(8);
                assertThat(test.counts("key")).containsExactly(1L, 1L, 1L, 1L, 1L, 1L, 0L, 1L, 1L, 1L, 1L, 1L, 1L, 0L);
            }
        }

        @Test
        void shouldBeSilentAtOnceWhenSwitchedOffButLetGoOfItsTimestamps() {
            try (TestEngine test = TestEngine.start(builder -> builder.emitWhenQuiet(false))) {
                test.send("key ", "key ");
                test.clock.advanceNanos(SIZE_NANOS + 1);
                until(() -> test.ledger().count(Counter.EXPIRED) == 2);
                assertThat(test.counts("key")).containsExactly(1L);
                assertThat(test.ledger().count(Counter.LIVE_TIMESTAMPS)).isZero();
                assertThat(test.knows("key")).isTrue();
            }
        }

        /** Timers of many keys go off together, up to 1/32 of the slide late. */
        @Test
        void shouldEmitForManyKeysAtOnce() {
            try (TestEngine test = TestEngine.start(builder -> builder.shards(8))) {
                for (int i = 0; i < 1_000; i++) {
                    test.offer("key" + i + " ");
                }
                test.awaitHandled();
                for (int slide = 1; slide <= 5; slide++) {
                    int windows = 1_000 * (slide + 1);
                    test.clock.advanceNanos(SLIDE_NANOS + SLIDE_NANOS / 32);
                    until(() -> test.ledger().count(Counter.DELIVERED) == windows);
                }
                assertThat(test.windows.subList(5_000, 6_000)).allMatch(window -> window.count() == 0);
            }
        }
    }

    @Nested
    class IdleKey {
        @Test
        void shouldBeForgottenAfterTheTimeoutAndNotEarlier() {
            try (TestEngine test = TestEngine.start(builder -> builder.idleTimeout(SLIDE.multipliedBy(8)))) {
                test.send("beacon ");
                test.clock.advanceNanos(1);
                test.send("key ");
                test.clock.advanceNanos(SLIDE_NANOS - 1);
                test.awaitWindows("beacon", 2); // one nanosecond ahead of the key
                test.passSlides(7);
                assertThat(test.clock.epochNanos()).isEqualTo(START_NANOS + 8 * SLIDE_NANOS);
                assertThat(test.disposed).isEmpty();
                assertThat(test.knows("key")).isTrue();

                test.clock.advanceNanos(1);
                until(() -> !test.disposed.isEmpty());
                assertThat(test.disposed).containsExactly(Key.of("key"));
                assertThat(test.knows("key")).isFalse();
                assertThat(test.knows("beacon")).isTrue();
            }
        }

        @Test
        void shouldStartOverWhenItComesBack() {
            try (TestEngine test = TestEngine.start(builder -> builder.idleTimeout(SLIDE.multipliedBy(7)))) {
                test.send("key ", "key ");
                test.passSlides(7);
                until(() -> test.disposed.contains(Key.of("key")));
                test.send("key ");
                assertThat(test.lastWindow("key").total()).isEqualTo(1);
                assertThat(test.lastWindow("key").count()).isEqualTo(1);
                assertThat(test.engine().read(Key.of("key"), state -> state.get()))
                        .contains(1L);
            }
        }

        @Test
        void shouldCountTheTimeoutFromTheLastEvent() {
            try (TestEngine test = TestEngine.start(builder -> builder.idleTimeout(SLIDE.multipliedBy(3)))) {
                test.send("key ");
                test.passSlides(2);
                test.send("key @1"); // a late event is one
                test.passSlides(2);
                assertThat(test.knows("key")).isTrue();
                test.passSlides(1);
                until(() -> !test.knows("key"));
            }
        }

        @Test
        void shouldTakeItsTimestampsAlongWhenTheTimeoutIsShorterThanTheWindow() {
            try (TestEngine test = TestEngine.start(builder -> builder.idleTimeout(Duration.ofMillis(2_500)))) {
                test.send("key ", "key ");
                test.passSlides(2);
                test.clock.advance(Duration.ofMillis(500));
                until(() -> test.disposed.contains(Key.of("key")));
                test.passSlides(6, SLIDE);
                assertThat(test.counts("key")).containsExactly(1L, 2L, 2L);
                assertThat(test.ledger().count(Counter.DISPOSED_WITH_KEY)).isEqualTo(2);
            }
        }

        @Test
        void shouldStayForEverWhenTheTimeoutIsZero() {
            try (TestEngine test = TestEngine.start()) {
                test.send("key ");
                test.passSlides(8);
                test.clock.advance(Duration.ofDays(3_650));
                test.passSlides(2);
                assertThat(test.knows("key")).isTrue();
                assertThat(test.disposed).isEmpty();
            }
        }

        @Test
        void shouldBeForgottenWhenQuietKeysDoNotEmit() {
            try (TestEngine test =
                    TestEngine.start(builder -> builder.emitWhenQuiet(false).idleTimeout(Duration.ofMillis(1)))) {
                test.send("key ");
                test.clock.advance(Duration.ofMillis(1));
                until(() -> test.disposed.size() == 1);
                assertThat(test.ledger().count(Counter.LIVE_KEYS)).isZero();
            }
        }
    }
}
