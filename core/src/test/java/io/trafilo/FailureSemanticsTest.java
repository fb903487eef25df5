package io.trafilo;

import static io.trafilo.testing.TestEngine.SLIDE;
import static io.trafilo.testing.TestEngine.until;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import io.trafilo.ErrorListener.Stage;
import io.trafilo.testing.OnPurpose;
import io.trafilo.testing.TestEngine;
import io.trafilo.testing.TimedParser;
import java.time.Duration;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What the engine makes of failing callbacks. The index of all rows is in {@link SemanticsTest}. */
class FailureSemanticsTest {
    private static Stage onlyStage(TestEngine test) {
        assertThat(test.errors).hasSize(1);
        return test.errors.get(0).stage();
    }

    @Nested
    class CallbackThrows {
        @Test
        void shouldDropTheMessageWhenTheParserThrowsAfterAnEvent() {
            TimedParser parser = new TimedParser();
            TestEngine test = TestEngine.start(builder -> builder.parser((buffer, offset, length, out) -> {
                parser.parse(buffer, offset, length, out);
                if (buffer[offset] == 'x') {
                    throw new OnPurpose();
                }
            }));
            try (test) {
                test.send("x 1");
                assertThat(test.ledger().count(Counter.PARSE_FAILED)).isEqualTo(1);
                assertThat(test.ledger().count(Counter.EVENTS)).isZero();
                assertThat(onlyStage(test)).isEqualTo(Stage.PARSER);
                assertThat(test.errors.get(0).key()).isNull();
                assertThat(test.errors.get(0).error()).isInstanceOf(OnPurpose.class);
                test.assertWorks();
            }
            test.close();
            assertThat(test.ledger().imbalances()).isEmpty();
        }

        @Test
        void shouldRefuseTheEventWhenTheFactoryThrowsOrGivesNullAndAskAgain() {
            AtomicInteger calls = new AtomicInteger();
            TestEngine test =
                    TestEngine.start(builder -> builder.maxKeys(2).state(key -> switch (calls.incrementAndGet()) {
                        case 1 -> throw new OnPurpose();
                        case 2 -> null;
                        default -> new AtomicLong();
                    }));
            try (test) {
                test.send("key ", "key ", "key ");
                assertThat(test.ledger().count(Counter.FACTORY_FAILED)).isEqualTo(2);
                assertThat(test.ledger().count(Counter.KEY_REFUSED)).isEqualTo(2);
                assertThat(test.ledger().count(Counter.HANDLED)).isEqualTo(1);
                assertThat(test.ledger().count(Counter.LIVE_KEYS)).isEqualTo(1);
                assertThat(test.errors)
                        .hasSize(2)
                        .allMatch(heard -> heard.stage() == Stage.STATE_FACTORY
                                && Key.of("key").equals(heard.key()));
                assertThat(test.errors.get(1).error()).hasMessageContaining("returned null");
                assertThat(test.lastWindow("key").total()).isEqualTo(1);
                test.assertWorks(); // the failures have not used up maxKeys
            }
            test.close();
            assertThat(test.ledger().imbalances()).isEmpty();
        }

        @Test
        void shouldUpdateTheWindowWhenTheHandlerThrows() {
            TestEngine test = TestEngine.start(builder -> builder.handler((event, state) -> {
                if (event.payloadText().equals("fail")) {
                    throw new OnPurpose();
                }
            }));
            try (test) {
                test.send("key fail", "key fail");
                assertThat(test.ledger().count(Counter.HANDLER_FAILED)).isEqualTo(2);
                assertThat(test.ledger().count(Counter.TIMESTAMPS_ADDED)).isEqualTo(2);
                assertThat(test.counts("key")).containsExactly(1L);
                test.passSlides(1);
                assertThat(test.counts("key")).containsExactly(1L, 2L);
                assertThat(test.lastWindow("key").total()).isEqualTo(2);
                assertThat(test.errors)
                        .hasSize(2)
                        .allMatch(heard ->
                                heard.stage() == Stage.HANDLER && Key.of("key").equals(heard.key()));
                test.assertWorks();
            }
            test.close();
            assertThat(test.ledger().imbalances()).isEmpty();
        }

        @Test
        void shouldEmitAgainASlideLaterWhenTheSinkThrows() {
            AtomicBoolean fail = new AtomicBoolean(true);
            AtomicInteger calls = new AtomicInteger();
            TestEngine test = TestEngine.start(builder -> builder.sink((window, state) -> {
                calls.incrementAndGet();
                if (fail.get()) {
                    throw new OnPurpose();
                }
            }));
            try (test) {
                test.send("key ", "key ");
                assertThat(test.ledger().count(Counter.SINK_FAILED)).isEqualTo(1);
                assertThat(onlyStage(test)).isEqualTo(Stage.SINK);
                assertThat(test.errors.get(0).key()).isEqualTo(Key.of("key"));
                fail.set(false);
                test.clock.advance(SLIDE);
                until(() -> test.ledger().count(Counter.DELIVERED) == 1);
                assertThat(calls).hasValue(2);
            }
            test.close();
            assertThat(test.ledger().imbalances()).isEmpty();
        }

        @Test
        void shouldForgetTheKeyWhenTheDisposerThrows() {
            TestEngine test = TestEngine.start(
                    builder -> builder.idleTimeout(SLIDE.multipliedBy(3)).disposer((key, state) -> {
                        throw new OnPurpose();
                    }));
            try (test) {
                test.send("key ");
                test.passSlides(3);
                until(() -> test.ledger().count(Counter.DISPOSER_FAILED) == 1);
                assertThat(test.knows("key")).isFalse();
                assertThat(onlyStage(test)).isEqualTo(Stage.DISPOSER);
                test.assertWorks();
            }
            assertThat(test.ledger().count(Counter.DISPOSER_FAILED)).isEqualTo(3); // the other keys, at the close
            assertThat(test.ledger().count(Counter.LIVE_KEYS)).isZero();
            test.close();
            assertThat(test.ledger().imbalances()).isEmpty();
        }

        @Test
        void shouldCountAndGoOnWhenTheErrorListenerThrowsToo() {
            TestEngine test = TestEngine.start(builder -> builder.errorListener((stage, key, error) -> {
                        throw new OnPurpose();
                    })
                    .handler((event, state) -> {
                        if (event.payloadText().equals("fail")) {
                            throw new OnPurpose();
                        }
                    }));
            try (test) {
                test.send("key fail");
                assertThat(test.ledger().count(Counter.ERROR_LISTENER_FAILED)).isEqualTo(1);
                assertThat(test.ledger().count(Counter.HANDLER_FAILED)).isEqualTo(1);
                assertThat(test.counts("key")).containsExactly(1L);
                test.assertWorks();
            }
            test.close();
            assertThat(test.ledger().imbalances()).isEmpty();
        }

        @Test
        void shouldGoOnWhenACallbackLeavesItsThreadInterrupted() {
            try (TestEngine test = TestEngine.start(builder ->
                    builder.handler((event, state) -> Thread.currentThread().interrupt()))) {
                test.send("key ");
                test.passSlides(2);
                assertThat(test.counts("key")).containsExactly(1L, 1L, 1L);
                test.assertWorks();
            }
        }

        @ParameterizedTest
        @EnumSource(
                value = Stage.class,
                names = {"PARSER", "STATE_FACTORY", "HANDLER", "SINK", "DISPOSER"})
        void shouldSurviveAStackOverflowAtEveryStage(Stage stage) {
            TestEngine test =
                    TestEngine.start(builder -> FailingCallbacks.failAt(builder, stage, FailingCallbacks::overflow));
            try (test) {
                test.send("fail 1");
                test.passSlides(3);
                until(() -> test.errors.stream().anyMatch(heard -> heard.stage() == stage));
                assertThat(test.errors).allMatch(heard -> heard.error() instanceof StackOverflowError);
                test.assertWorks();
            }
            test.close();
            assertThat(test.ledger().imbalances()).isEmpty();
        }

        @Test
        void shouldLogAtMostOncePerSecondAndStageByDefault() {
            ConcurrentLinkedQueue<LogRecord> records = new ConcurrentLinkedQueue<>();
            Handler capture = new Handler() {
                @Override
                public void publish(LogRecord entry) {
                    records.add(entry);
                }

                @Override
                public void flush() {}

                @Override
                public void close() {}
            };
            Logger logger = Logger.getLogger("io.trafilo"); // what System.Logger is backed by in a plain JVM
            logger.addHandler(capture);
            logger.setUseParentHandlers(false);
            long startNanos = System.nanoTime();
            try (TestEngine test = TestEngine.start(builder -> builder.errorListener(ErrorListener.logging())
                    .handler((event, state) -> {
                        throw new OnPurpose();
                    })
                    .sink((window, state) -> {
                        throw new OnPurpose();
                    }))) {
                for (int i = 0; i < 1_000; i++) {
                    test.offer("key" + i + " ");
                }
                test.awaitHandled();
                assertThat(test.ledger().count(Counter.HANDLER_FAILED)
                                + test.ledger().count(Counter.SINK_FAILED))
                        .isEqualTo(2_000);
            } finally {
                logger.removeHandler(capture);
                logger.setUseParentHandlers(true);
            }
            long seconds = SECONDS.convert(Duration.ofNanos(System.nanoTime() - startNanos));
            assertThat(records).hasSizeBetween(2, (int) (2 * (seconds + 1)));
            assertThat(records).anyMatch(entry -> entry.getMessage().startsWith("HANDLER failed, key 'key"));
            assertThat(records).anyMatch(entry -> entry.getMessage().startsWith("SINK failed, key 'key"));
            assertThat(records).allMatch(entry -> entry.getThrown() instanceof OnPurpose);
        }
    }
}
