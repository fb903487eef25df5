package io.trafilo;

import static io.trafilo.testing.TestEngine.SLIDE;
import static io.trafilo.testing.TestEngine.until;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.trafilo.ErrorListener.Stage;
import io.trafilo.testing.TestBuffer;
import io.trafilo.testing.TestEngine;
import io.trafilo.testing.TimedParser;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
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

/** What the engine makes of bad input and failing callbacks. The index of all rows is in {@link SemanticsTest}. */
class FailureSemanticsTest {
    private static final class OnPurpose extends RuntimeException {
        private static final long serialVersionUID = 1;
    }

    /** The engine works as ever: one more event of a new key is handled and emitted. */
    private static void assertWorks(TestEngine test) {
        test.send("another ");
        assertThat(test.engine().isRunning()).isTrue();
        assertThat(test.engine().failure()).isEmpty();
        assertThat(test.counts("another")).containsExactly(1L);
    }

    private static void assertBalancedAfterClose(TestEngine test) {
        test.close();
        assertThat(test.ledger().imbalances()).isEmpty();
    }

    private static Stage onlyStage(TestEngine test) {
        assertThat(test.errors).hasSize(1);
        return test.errors.get(0).stage();
    }

    @Nested
    class EmptyOversizedOrNoEvent {
        @Test
        void shouldCountAndDropWhatTheListenerDoesNotPublish() {
            TestEngine test = TestEngine.start();
            try (test) {
                var intake = test.engine().openIntake(TestBuffer.ACCESS, timeout -> {});
                intake.countEmpty();
                intake.countOversized();
                intake.countFiltered();
                intake.countKernelDropped(7);
                intake.publish(TestBuffer.copies(1, "key "), 1, intake.nanoTime());
                test.awaitHandled();
                intake.close();
                assertWorks(test);
            }
            Ledger ledger = test.ledger();
            assertThat(ledger.received()).isEqualTo(4);
            assertThat(ledger.empty()).isEqualTo(1);
            assertThat(ledger.oversized()).isEqualTo(1);
            assertThat(ledger.filtered()).isEqualTo(1);
            assertThat(ledger.published()).isEqualTo(1);
            assertThat(ledger.kernelDropped()).isEqualTo(7);
            assertBalancedAfterClose(test);
        }

        @Test
        void shouldNotTakeAnOversizedOrEmptyBufferAsAMessage() {
            TestEngine test = TestEngine.start(builder -> builder.maxMessageLength(8));
            try (test) {
                var intake = test.engine().openIntake(TestBuffer.ACCESS, timeout -> {});
                TestBuffer[] buffers = {new TestBuffer("key 45678"), new TestBuffer(""), new TestBuffer("key 5678")};
                TestBuffer[] published = buffers.clone();
                intake.publish(published, 3, intake.nanoTime());
                test.awaitHandled();

                assertThat(published).containsOnlyNulls();
                assertThat(test.ledger().parseFailed()).isEqualTo(2);
                assertThat(test.ledger().handled()).isEqualTo(1);
                assertThat(buffers).allMatch(buffer -> buffer.releases() == 1);
                assertThat(test.errors).isNotEmpty().allMatch(heard -> heard.stage() == Stage.PARSER);
                intake.close();
                assertWorks(test);
            }
            assertBalancedAfterClose(test);
        }

        @Test
        void shouldRefuseEmptyAndOversizedMessagesByHand() {
            TestEngine test = TestEngine.start(builder -> builder.maxMessageLength(8));
            try (test) {
                assertThatThrownBy(() -> test.engine().emit(new byte[9], 0, 9))
                        .isInstanceOf(IllegalArgumentException.class)
                        .hasMessage("message: 9 bytes (expected: 1 to maxMessageLength 8)");
                assertThatThrownBy(() -> test.engine().emit(new byte[9], 0, 0))
                        .isInstanceOf(IllegalArgumentException.class);
                test.send("key 5678");
                assertThat(test.ledger().emitted()).isEqualTo(1);
            }
            assertBalancedAfterClose(test);
        }

        @Test
        void shouldCountAMessageWithoutAnEventAsMalformed() {
            TestEngine test = TestEngine.start();
            try (test) {
                test.send("nospace", " leading", "key 1");
                assertThat(test.ledger().malformed()).isEqualTo(2);
                assertThat(test.ledger().rejected()).isEqualTo(2);
                assertThat(test.ledger().handled()).isEqualTo(1);
                assertThat(test.errors).isEmpty();
                assertWorks(test);
            }
            assertBalancedAfterClose(test);
        }

        @Test
        void shouldHandleTheGoodPartsOfAMessageWithRejectedOnes() {
            TestEngine test = TestEngine.start(builder -> builder.parser((buffer, offset, length, out) -> {
                out.reject();
                out.event(offset, 1, offset, length);
                out.reject();
            }));
            try (test) {
                test.send("key");
                assertThat(test.ledger().parsed()).isEqualTo(1);
                assertThat(test.ledger().malformed()).isZero();
                assertThat(test.ledger().rejected()).isEqualTo(2);
                assertThat(test.ledger().handled()).isEqualTo(1);
            }
            assertBalancedAfterClose(test);
        }
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
                assertThat(test.ledger().parseFailed()).isEqualTo(1);
                assertThat(test.ledger().events()).isZero();
                assertThat(onlyStage(test)).isEqualTo(Stage.PARSER);
                assertThat(test.errors.get(0).key()).isNull();
                assertThat(test.errors.get(0).error()).isInstanceOf(OnPurpose.class);
                assertWorks(test);
            }
            assertBalancedAfterClose(test);
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
                assertThat(test.ledger().factoryFailed()).isEqualTo(2);
                assertThat(test.ledger().keyRefused()).isEqualTo(2);
                assertThat(test.ledger().handled()).isEqualTo(1);
                assertThat(test.ledger().liveKeys()).isEqualTo(1);
                assertThat(test.errors)
                        .hasSize(2)
                        .allMatch(heard -> heard.stage() == Stage.STATE_FACTORY
                                && Key.of("key").equals(heard.key()));
                assertThat(test.errors.get(1).error()).hasMessageContaining("gave null");
                assertThat(test.lastWindow("key").total()).isEqualTo(1);
                assertWorks(test); // the failures have not used up maxKeys
            }
            assertBalancedAfterClose(test);
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
                assertThat(test.ledger().handlerFailed()).isEqualTo(2);
                assertThat(test.ledger().timestampsAdded()).isEqualTo(2);
                assertThat(test.counts("key")).containsExactly(1L);
                test.passSlides(1);
                assertThat(test.counts("key")).containsExactly(1L, 2L);
                assertThat(test.errors)
                        .hasSize(2)
                        .allMatch(heard ->
                                heard.stage() == Stage.HANDLER && Key.of("key").equals(heard.key()));
                assertWorks(test);
            }
            assertBalancedAfterClose(test);
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
                assertThat(test.ledger().sinkFailed()).isEqualTo(1);
                assertThat(onlyStage(test)).isEqualTo(Stage.SINK);
                assertThat(test.errors.get(0).key()).isEqualTo(Key.of("key"));
                fail.set(false);
                test.clock.advance(SLIDE);
                until(() -> test.ledger().delivered() == 1);
                assertThat(calls).hasValue(2);
            }
            assertBalancedAfterClose(test);
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
                until(() -> test.ledger().disposerFailed() == 1);
                assertThat(test.knows("key")).isFalse();
                assertThat(onlyStage(test)).isEqualTo(Stage.DISPOSER);
                assertWorks(test);
            }
            assertThat(test.ledger().disposerFailed()).isEqualTo(3); // the other keys, at the close
            assertThat(test.ledger().liveKeys()).isZero();
            assertBalancedAfterClose(test);
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
                assertThat(test.ledger().errorListenerFailed()).isEqualTo(1);
                assertThat(test.ledger().handlerFailed()).isEqualTo(1);
                assertThat(test.counts("key")).containsExactly(1L);
                assertWorks(test);
            }
            assertBalancedAfterClose(test);
        }

        @Test
        void shouldGoOnWhenACallbackLeavesItsThreadInterrupted() {
            try (TestEngine test = TestEngine.start(builder ->
                    builder.handler((event, state) -> Thread.currentThread().interrupt()))) {
                test.send("key ");
                test.passSlides(2);
                assertThat(test.counts("key")).containsExactly(1L, 1L, 1L);
                assertWorks(test);
            }
        }

        @ParameterizedTest
        @EnumSource(
                value = Stage.class,
                names = {"PARSER", "STATE_FACTORY", "HANDLER", "SINK", "DISPOSER"})
        void shouldSurviveAStackOverflowAtEveryStage(Stage stage) {
            TestEngine test = TestEngine.start(builder -> failAt(builder, stage, FailureSemanticsTest::overflow));
            try (test) {
                test.send("fail 1");
                test.passSlides(3);
                until(() -> test.errors.stream().anyMatch(heard -> heard.stage() == stage));
                assertThat(test.errors).allMatch(heard -> heard.error() instanceof StackOverflowError);
                assertWorks(test);
            }
            assertBalancedAfterClose(test);
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
                    test.emit("key" + i + " ");
                }
                test.awaitHandled();
                assertThat(test.ledger().handlerFailed() + test.ledger().sinkFailed())
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

    @Nested
    class VirtualMachineFails {
        @ParameterizedTest
        @EnumSource(
                value = Stage.class,
                names = {"PARSER", "STATE_FACTORY", "HANDLER", "SINK", "DISPOSER"})
        void shouldStopTheEngineVisiblyAtEveryStage(Stage stage) throws Exception {
            TestEngine test = TestEngine.build(builder -> failAt(builder, stage, () -> {
                throw new OutOfMemoryError("on purpose");
            }));
            CompletableFuture<Optional<Throwable>> run = CompletableFuture.supplyAsync(() -> {
                try {
                    return test.engine().run();
                } catch (InterruptedException e) {
                    throw new IllegalStateException(e);
                }
            });
            until(() -> test.engine().isRunning());
            test.emit("fail 1");
            if (stage == Stage.DISPOSER) {
                test.awaitHandled();
                test.clock.advance(SLIDE.multipliedBy(3));
            }

            assertThat(run.get(20, SECONDS)).get().isInstanceOf(OutOfMemoryError.class);
            assertThat(test.engine().isRunning()).isFalse();
            assertThat(test.engine().failure()).get().isInstanceOf(OutOfMemoryError.class);
            assertThat(test.engine().emit(new byte[] {'k', ' '}, 0, 2)).isFalse();
            assertThat(test.errors.get(0).stage()).isEqualTo(stage);
            assertThat(test.engine().toString()).contains("OutOfMemoryError");
            assertThat(test.ledger().imbalances()).isEmpty();
        }

        @Test
        void shouldStopTheEngineWhenTheErrorListenerFails() {
            TestEngine test = TestEngine.start(builder -> builder.errorListener((stage, key, error) -> {
                        throw new OutOfMemoryError("on purpose");
                    })
                    .handler((event, state) -> {
                        throw new OnPurpose();
                    }));
            test.emit("key ");
            until(() -> !test.engine().isRunning());
            test.close();
            assertThat(test.engine().failure()).get().isInstanceOf(OutOfMemoryError.class);
            assertThat(test.ledger().imbalances()).isEmpty();
        }

        @Test
        void shouldStopTheEngineWhenTheClockFailsAndKeepTheLedgerBalanced() {
            AtomicBoolean fail = new AtomicBoolean();
            TimedParser parser = new TimedParser();
            TestEngine test = TestEngine.start(builder -> builder.clock(() -> {
                        if (fail.get() && Thread.currentThread().getName().contains("-worker-")) {
                            throw new OnPurpose();
                        }
                        return TestEngine.START_NANOS;
                    })
                    .parser((buffer, offset, length, out) -> {
                        parser.parse(buffer, offset, length, out);
                        if (buffer[offset] == 'x') {
                            throw new OnPurpose();
                        }
                    }));
            test.send("key 1", "x 1"); // the parser threw when it had named an event
            fail.set(true);
            until(() -> !test.engine().isRunning());
            test.close();

            assertThat(test.engine().failure()).get().isInstanceOf(OnPurpose.class);
            assertThat(test.errors.get(1).stage()).isEqualTo(Stage.ENGINE);
            assertThat(test.ledger().parseFailed()).isEqualTo(1);
            assertThat(test.ledger().imbalances()).isEmpty();
        }
    }

    /** Makes the callback of one stage fail for the key {@code fail}. */
    private static void failAt(Trafilo.Builder<AtomicLong> builder, Stage stage, Runnable failure) {
        TimedParser parser = new TimedParser();
        builder.idleTimeout(SLIDE.multipliedBy(3));
        switch (stage) {
            case PARSER ->
                builder.parser((buffer, offset, length, out) -> {
                    if (buffer[offset] == 'f') {
                        failure.run();
                    }
                    parser.parse(buffer, offset, length, out);
                });
            case STATE_FACTORY ->
                builder.state(key -> {
                    runFor(key, failure);
                    return new AtomicLong();
                });
            case HANDLER -> builder.handler((event, state) -> runFor(event.key(), failure));
            case SINK -> {
                var sink = builder.sink;
                builder.sink((window, state) -> {
                    runFor(window.key(), failure);
                    sink.onWindow(window, state);
                });
            }
            case DISPOSER -> builder.disposer((key, state) -> runFor(key, failure));
            default -> throw new AssertionError(stage);
        }
    }

    private static void runFor(Key key, Runnable failure) {
        if (key.toString().equals("fail")) {
            failure.run();
        }
    }

    @SuppressWarnings("InfiniteRecursion")
    private static void overflow() {
        overflow();
    }
}
