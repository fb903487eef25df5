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
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What stops the engine, and how that shows. The index of all rows is in {@link SemanticsTest}. */
class FatalSemanticsTest {
    @Nested
    class VirtualMachineFails {
        @ParameterizedTest
        @EnumSource(
                value = Stage.class,
                names = {"PARSER", "STATE_FACTORY", "HANDLER", "SINK", "DISPOSER"})
        void shouldStopTheEngineVisiblyAtEveryStage(Stage stage) throws Exception {
            TestEngine test = TestEngine.build(builder -> FailingCallbacks.failAt(builder, stage, () -> {
                throw new OutOfMemoryError("on purpose");
            }));
            CompletableFuture<Optional<Throwable>> run = CompletableFuture.supplyAsync(() -> {
                try {
                    return TestEngine.run(test.engine());
                } catch (InterruptedException e) {
                    throw new IllegalStateException(e);
                }
            });
            until(() -> test.engine().isRunning());
            test.offer("fail 1");
            if (stage == Stage.DISPOSER) {
                test.awaitHandled();
                test.clock.advance(SLIDE.multipliedBy(3));
            }

            assertThat(run.get(20, SECONDS)).get().isInstanceOf(OutOfMemoryError.class);
            assertThat(test.engine().isRunning()).isFalse();
            assertThat(test.engine().failure()).get().isInstanceOf(OutOfMemoryError.class);
            assertThat(test.engine().offer(new byte[] {'k', ' '}, 0, 2)).isFalse();
            assertThat(test.errors.get(0).stage()).isEqualTo(stage);
            assertThat(test.engine().toString()).contains("OutOfMemoryError");
            assertThat(test.ledger().imbalances()).isEmpty();
        }

        @Test
        void shouldStopTheEngineThoughTheErrorListenerHangs() {
            Hangs hangs = new Hangs();
            TestEngine test = TestEngine.start(builder -> builder.closeTimeout(Duration.ofMillis(200))
                    .errorListener((stage, key, error) -> hangs.at(Hangs.PREFIX))
                    .handler((event, state) -> {
                        throw new OutOfMemoryError("on purpose");
                    }));
            test.offer("key ");
            hangs.await(Hangs.PREFIX);
            assertThat(test.engine().isRunning()).isFalse();
            test.close();
            assertThat(test.engine().failure()).get().isInstanceOf(OutOfMemoryError.class);
            assertThat(test.ledger().imbalances()).isEmpty();
            hangs.letGoAll();
        }

        @Test
        void shouldStopTheEngineWhenTheErrorListenerFails() {
            TestEngine test = TestEngine.start(builder -> builder.errorListener((stage, key, error) -> {
                        throw new OutOfMemoryError("on purpose");
                    })
                    .handler((event, state) -> {
                        throw new OnPurpose();
                    }));
            test.offer("key ");
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
            assertThat(test.ledger().count(Counter.PARSE_FAILED)).isEqualTo(1);
            assertThat(test.ledger().imbalances()).isEmpty();
        }
    }
}
