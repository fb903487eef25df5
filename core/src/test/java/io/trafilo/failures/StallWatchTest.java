package io.trafilo.failures;

import static org.assertj.core.api.Assertions.assertThat;

import io.trafilo.ErrorListener.Stage;
import io.trafilo.Key;
import io.trafilo.Stall;
import io.trafilo.testing.StallRecorder;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What the guard sees, look by look. The test's own thread is the one that is watched. */
class StallWatchTest {
    private static final long TIMEOUT_NANOS = 1_000;
    private static final long INTERVAL_NANOS = 250;
    private static final Key KEY = Key.of("k");

    private final StallRecorder recorder = new StallRecorder();
    private final List<Stall> stalls = recorder.begun;
    private final StallWatch watch = new StallWatch(TIMEOUT_NANOS, 0, recorder);
    private final Progress progress = new Progress();
    private long nowNanos;

    StallWatchTest() {
        progress.bindThread();
        watch.add(progress);
    }

    private void look(int times) {
        for (int i = 0; i < times; i++) {
            lookAfter(INTERVAL_NANOS);
        }
    }

    private void lookAfter(long elapsedNanos) {
        nowNanos += elapsedNanos;
        watch.look(nowNanos);
    }

    @Test
    void shouldTellOnceOfACallbackThatDoesNotReturnAndOnceOfItsEnd() {
        assertThat(watch.intervalNanos()).isEqualTo(INTERVAL_NANOS);
        progress.enter(Stage.DISPOSER, KEY);
        look(4);
        assertThat(stalls).isEmpty();
        assertThat(watch.isStalled(progress)).isFalse();

        look(3);
        assertThat(stalls).hasSize(1);
        Stall stall = stalls.get(0);
        assertThat(stall.stage()).isEqualTo(Stage.DISPOSER);
        assertThat(stall.thread()).isEqualTo(Thread.currentThread().getName());
        assertThat(stall.key()).isEqualTo(KEY);
        assertThat(stall.duration()).isEqualTo(Duration.ofNanos(TIMEOUT_NANOS));
        assertThat(stall.stack())
                .anyMatch(frame -> frame.getClassName().equals(getClass().getName()));
        assertThat(recorder.ended).isEmpty();
        assertThat(watch.isStalled(progress)).isTrue();

        progress.exit();
        look(2);
        assertThat(stalls).hasSize(1);
        assertThat(recorder.ended).hasSize(1);
        Stall end = recorder.ended.get(0);
        assertThat(end.stage()).isEqualTo(Stage.DISPOSER);
        assertThat(end.thread()).isEqualTo(stall.thread());
        assertThat(end.key()).isEqualTo(KEY);
        assertThat(end.duration()).isEqualTo(Duration.ofNanos(TIMEOUT_NANOS + 2 * INTERVAL_NANOS));
        assertThat(end.stack()).isEmpty();
        assertThat(watch.isStalled(progress)).isFalse();
    }

    @Test
    void shouldNotTakeAPauseOfTheWholeProcessForAStall() {
        progress.enter(Stage.HANDLER);
        look(1);
        lookAfter(1_000_000 * TIMEOUT_NANOS); // stopped meanwhile
        look(2);
        assertThat(stalls).isEmpty();
        look(1);
        assertThat(stalls).as("one interval of the pause counted").hasSize(1);
    }

    @Test
    void shouldNotAddUpTheTimesOfCallbacksThatReturn() {
        for (int i = 0; i < 20; i++) {
            progress.enter(Stage.HANDLER);
            look(4);
            progress.exit();
        }
        assertThat(stalls).isEmpty();
    }

    @Test
    void shouldNotMindAThreadThatIsInNoCallback() {
        progress.enter(Stage.HANDLER);
        progress.exit();
        look(100);
        assertThat(stalls).isEmpty();
    }

    @Test
    void shouldTellOfEachStallOfOneThread() {
        for (int i = 0; i < 3; i++) {
            progress.enter(Stage.SINK);
            look(6);
        }
        assertThat(stalls).hasSize(3);
        assertThat(recorder.ended).hasSize(2);
    }

    @Test
    void shouldTellOfTheEndWhenAThreadIsNoLongerWatched() {
        progress.enter(Stage.LISTENER);
        look(5);
        watch.remove(progress);
        watch.remove(progress);
        look(10);
        assertThat(stalls).hasSize(1);
        assertThat(recorder.ended).hasSize(1);
        assertThat(watch.isStalled(progress)).isFalse();
    }
}
