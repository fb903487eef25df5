package io.trafilo;

import static io.trafilo.testing.TestEngine.SLIDE;
import static io.trafilo.testing.TestEngine.START_NANOS;
import static io.trafilo.testing.TestEngine.WINDOW;
import static io.trafilo.testing.TestEngine.until;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import io.trafilo.spi.Intake;
import io.trafilo.spi.ListenerHost;
import io.trafilo.testing.TestBuffer;
import io.trafilo.testing.TestEngine;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/** What gives when there is more than fits. The index of all rows is in {@link SemanticsTest}. */
class OverloadSemanticsTest {
    private static final int CAPACITY = 4;

    /** Holds the only worker in its handler, so that the ring fills up behind it. */
    private final CountDownLatch go = new CountDownLatch(1);

    private final CountDownLatch handling = new CountDownLatch(1);

    private TestEngine startHeld(OverloadPolicy policy) throws InterruptedException {
        TestEngine test = TestEngine.start(builder -> builder.overloadPolicy(policy)
                .ringCapacity(CAPACITY)
                .maxClaim(1)
                .handler((event, state) -> {
                    handling.countDown();
                    try {
                        go.await();
                    } catch (InterruptedException e) {
                        throw new IllegalStateException(e);
                    }
                }));
        test.offer("key ");
        assertThat(handling.await(20, SECONDS)).isTrue();
        assertThat(test.engine().ringFill()).isZero();
        return test;
    }

    @AfterEach
    void letGo() {
        go.countDown();
    }

    @Nested
    class RingFullBlock {
        @Test
        void shouldWaitForRoomAndLoseNothing() throws Exception {
            try (TestEngine test = startHeld(OverloadPolicy.BLOCK)) {
                TestBuffer[] buffers = TestBuffer.copies(3 * CAPACITY, "key ");
                Intake<TestBuffer> intake = ListenerHost.of(test.engine()).openIntake(TestBuffer.ACCESS, timeout -> {});
                FutureTask<Integer> publish = publishing(intake, buffers);
                Thread listener = new Thread(publish, "test-listener");
                listener.start();

                until(() -> listener.getState() == Thread.State.TIMED_WAITING);
                assertThat(test.engine().ringFill()).isEqualTo(CAPACITY);
                assertThat(test.ledger().count(Counter.RECEIVED)).isEqualTo(3 * CAPACITY);
                assertThat(test.ledger().count(Counter.PUBLISHED)).isEqualTo(CAPACITY);
                assertThat(test.engine().offer(new byte[] {'k', ' '}, 0, 2)).isFalse();
                assertThat(test.ledger().count(Counter.OFFER_REFUSED)).isEqualTo(1);
                assertThat(publish.isDone()).isFalse();

                go.countDown();
                assertThat(publish.get(20, SECONDS)).isEqualTo(3 * CAPACITY);
                test.awaitHandled();
                assertThat(test.ledger().count(Counter.HANDLED)).isEqualTo(1 + 3 * CAPACITY);
                assertThat(test.ledger().count(Counter.SHED)).isZero();
                assertThat(buffers).allMatch(buffer -> buffer.releases() == 1);
                intake.close();
            }
        }

        @Test
        void shouldStopWaitingWhenCutOff() throws Exception {
            try (TestEngine test = startHeld(OverloadPolicy.BLOCK)) {
                TestBuffer[] buffers = TestBuffer.copies(2 * CAPACITY, "key ");
                Intake<TestBuffer> intake = ListenerHost.of(test.engine()).openIntake(TestBuffer.ACCESS, timeout -> {});
                FutureTask<Integer> publish = publishing(intake, buffers);
                new Thread(publish, "test-listener").start();
                until(() -> test.ledger().count(Counter.PUBLISHED) == CAPACITY);
                intake.cutOff();

                assertThat(publish.get(20, SECONDS)).isEqualTo(CAPACITY);
                assertThat(test.ledger().count(Counter.DISCARDED_AT_CLOSE)).isEqualTo(CAPACITY);
                go.countDown();
                test.awaitHandled();
                intake.close();
                assertThat(buffers).allMatch(buffer -> buffer.releases() == 1);
            }
        }
    }

    private static FutureTask<Integer> publishing(Intake<TestBuffer> intake, TestBuffer[] buffers) {
        TestBuffer[] batch = buffers.clone();
        return new FutureTask<>(() -> {
            int published = intake.publish(batch, batch.length, intake.epochNanos());
            assertThat(batch).containsOnlyNulls();
            return published;
        });
    }

    @Nested
    class RingFullDropNewest {
        /** On a thread of its own, so that a test fails, and does not hang, if it waits after all. */
        private int publishWithoutWaiting(Intake<TestBuffer> intake, TestBuffer[] buffers) throws Exception {
            FutureTask<Integer> publish = publishing(intake, buffers);
            new Thread(publish, "test-listener").start();
            return publish.get(20, SECONDS);
        }

        @Test
        void shouldDropAndCountWithoutWaiting() throws Exception {
            TestEngine test = startHeld(OverloadPolicy.DROP_NEWEST);
            try (test) {
                TestBuffer[] buffers = TestBuffer.copies(3 * CAPACITY, "key ");
                Intake<TestBuffer> intake = ListenerHost.of(test.engine()).openIntake(TestBuffer.ACCESS, timeout -> {});

                // the worker is still held, so this has not waited for it
                assertThat(publishWithoutWaiting(intake, buffers)).isEqualTo(CAPACITY);
                assertThat(test.ledger().count(Counter.SHED)).isEqualTo(2 * CAPACITY);
                for (int i = CAPACITY; i < buffers.length; i++) {
                    assertThat(buffers[i].releases()).isEqualTo(1);
                }
                assertThat(publishWithoutWaiting(intake, TestBuffer.copies(2, "key ")))
                        .isZero();
                go.countDown();
                test.awaitHandled();
                assertThat(test.ledger().count(Counter.HANDLED)).isEqualTo(1 + CAPACITY);
                assertThat(intake.publish(TestBuffer.copies(2, "key "), 2, intake.epochNanos()))
                        .isEqualTo(2);
                intake.close();
                assertThat(buffers).allMatch(buffer -> buffer.releases() == 1);
            }
            assertThat(test.ledger().count(Counter.SHED)).isEqualTo(2 * CAPACITY + 2);
            assertThat(test.ledger().imbalances()).isEmpty();
        }

        @Test
        void shouldShowTheLossInTheWindowsThatWereOpen() throws Exception {
            TestEngine test = startHeld(OverloadPolicy.DROP_NEWEST);
            try (test) {
                Intake<TestBuffer> intake = ListenerHost.of(test.engine()).openIntake(TestBuffer.ACCESS, timeout -> {});
                publishWithoutWaiting(intake, TestBuffer.copies(3 * CAPACITY, "key "));
                intake.countKernelDropped(5);
                go.countDown();
                test.awaitHandled();
                test.passSlides(1);
                assertThat(test.lastWindow("key").lossDuringWindow()).isEqualTo(2 * CAPACITY + 5);
                test.clock.advance(WINDOW.multipliedBy(2));
                test.send("key ");
                test.passSlides(1);
                assertThat(test.lastWindow("key").lossDuringWindow()).isZero();
                intake.close();
            }
        }
    }

    @Nested
    class KeyTableFull {
        @Test
        void shouldRefuseNewKeysAndGoOnWithKnownOnes() {
            TestEngine test = TestEngine.start(builder -> builder.maxKeys(2).shards(8));
            try (test) {
                test.send("a ", "b ", "c ", "d ", "a ", "b ", "c ");
                assertThat(test.ledger().count(Counter.KEY_REFUSED)).isEqualTo(3);
                assertThat(test.ledger().count(Counter.HANDLED)).isEqualTo(4);
                assertThat(test.ledger().count(Counter.LIVE_KEYS)).isEqualTo(2);
                assertThat(test.knows("c")).isFalse();
                assertThat(test.counts("c")).isEmpty();
                assertThat(test.errors).isEmpty();
            }
            assertThat(test.ledger().imbalances()).isEmpty();
        }

        @Test
        void shouldTakeNewKeysAgainWhenOthersWereIdle() {
            try (TestEngine test =
                    TestEngine.start(builder -> builder.maxKeys(2).idleTimeout(SLIDE.multipliedBy(3)))) {
                test.send("a ", "beacon ");
                test.passSlides(2);
                test.send("b ");
                assertThat(test.ledger().count(Counter.KEY_REFUSED)).isEqualTo(1);
                test.passSlides(1);
                until(() -> !test.knows("a"));
                test.send("b ", "a ");
                assertThat(test.knows("b")).isTrue();
                assertThat(test.knows("a")).isFalse();
                assertThat(test.ledger().count(Counter.KEY_REFUSED)).isEqualTo(2);
                assertThat(test.ledger().count(Counter.LIVE_KEYS)).isEqualTo(2);
            }
        }
    }

    @Nested
    class TimestampStoreFull {
        @Test
        void shouldLetTheOldestOfTheKeyGoEarlyAndSaySo() {
            TestEngine test =
                    TestEngine.start(builder -> builder.maxRetainedEvents(3).emitWhenQuiet(false));
            try (test) {
                for (int i = 0; i < 5; i++) {
                    test.send("key ");
                    test.clock.advanceNanos(1);
                }
                test.clock.setNanos(START_NANOS + SLIDE.toNanos());
                test.send("key ");
                WindowResult window = test.lastWindow("key");
                assertThat(window.count()).isEqualTo(3);
                assertThat(window.oldestNanos()).isEqualTo(START_NANOS + 3);
                assertThat(window.total()).isEqualTo(6);
                assertThat(window.isTruncated()).isTrue();
                assertThat(test.windows("key").get(0).isTruncated()).isFalse();
                assertThat(test.ledger().count(Counter.TRUNCATED)).isEqualTo(3);

                // the newest that went early has the time START + 2
                test.clock.setNanos(START_NANOS + 2 + WINDOW.toNanos());
                test.send("key ");
                assertThat(test.lastWindow("key").isTruncated()).isTrue();
                test.clock.advance(SLIDE); // and all that went early is out
                test.send("key ");
                assertThat(test.lastWindow("key").count()).isEqualTo(2);
                assertThat(test.lastWindow("key").isTruncated()).isFalse();
            }
            assertThat(test.ledger().imbalances()).isEmpty();
        }

        @Test
        void shouldSaySoUntilTheNewestThatWentEarlyIsTooOld() {
            try (TestEngine test =
                    TestEngine.start(builder -> builder.maxRetainedEvents(2).emitWhenQuiet(false))) {
                test.clock.advance(SLIDE);
                test.send(
                        "key @" + (START_NANOS + 20),
                        "key @" + (START_NANOS + 30),
                        "key @" + (START_NANOS + 40)); // 20 goes
                test.send("key @" + (START_NANOS + 10)); // goes itself
                test.clock.setNanos(START_NANOS + 20 + WINDOW.toNanos()); // 10 is out, 20 is not
                test.send("key @" + START_NANOS); // late, so it makes nothing else go
                assertThat(test.ledger().count(Counter.TRUNCATED)).isEqualTo(2);
                assertThat(test.lastWindow("key").startNanos()).isEqualTo(START_NANOS + 20);
                assertThat(test.lastWindow("key").isTruncated()).isTrue();
            }
        }

        @Test
        void shouldCountFullyAgainWhenWhatWentEarlyIsTooOld() {
            try (TestEngine test =
                    TestEngine.start(builder -> builder.maxRetainedEvents(2).slide(WINDOW))) {
                test.send("key ", "key ", "key ");
                test.clock.advance(WINDOW);
                test.awaitWindows("key", 2);
                assertThat(test.lastWindow("key").isTruncated()).isTrue();
                assertThat(test.lastWindow("key").count()).isEqualTo(2);
                test.clock.advance(WINDOW);
                test.awaitWindows("key", 3);
                assertThat(test.lastWindow("key").isTruncated()).isFalse();
                assertThat(test.lastWindow("key").count()).isZero();
            }
        }

        @Test
        void shouldLeaveEachKeyOneTimestamp() {
            try (TestEngine test = TestEngine.start(
                    builder -> builder.maxRetainedEvents(1).shards(4).slide(Duration.ofNanos(1)))) {
                for (int i = 0; i < 20; i++) {
                    test.send("key" + i + " ");
                }
                assertThat(test.windows).hasSize(20).allMatch(window -> window.count() == 1 && !window.isTruncated());
                test.send("key0 ");
                assertThat(test.ledger().count(Counter.TRUNCATED)).isEqualTo(1);
                assertThat(test.ledger().count(Counter.LIVE_TIMESTAMPS)).isEqualTo(20);
            }
        }
    }
}
