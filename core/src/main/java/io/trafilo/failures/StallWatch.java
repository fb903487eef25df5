package io.trafilo.failures;

import io.trafilo.ErrorListener.Stage;
import io.trafilo.Key;
import io.trafilo.Stall;
import io.trafilo.StallListener;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Notices threads that stay in one callback for too long. Any thread can be put under watch, and taken from it, at any time;
 * one thread looks.
 */
public final class StallWatch {
    /*
     * A look compares the word of each thread with the word at the look before, which costs the threads nothing. The time of a
     * callback is summed up from look to look, and a look adds one interval at most: after a pause of the whole process, by a
     * signal or for a collection, the callback still gets the rest of its time.
     */
    private static final int LOOKS = 4;

    private final long timeoutNanos;
    private final long intervalNanos;
    private final StallListener listener;
    private final Map<Progress, Sighting> sightings = new ConcurrentHashMap<>();
    private long lookedNanos;

    /** {@code listener} must not block. */
    public StallWatch(long timeoutNanos, long nowNanos, StallListener listener) {
        this.timeoutNanos = timeoutNanos;
        this.intervalNanos = (timeoutNanos + LOOKS - 1) / LOOKS;
        this.lookedNanos = nowNanos;
        this.listener = listener;
    }

    /** Puts a thread under watch. */
    public void open(Progress progress) {
        sightings.put(progress, new Sighting(progress));
    }

    /** Ends the watch of a thread, and a stall of it. Idempotent. */
    public void close(Progress progress) {
        Sighting sighting = sightings.remove(progress);
        if (sighting != null) {
            sighting.end();
        }
    }

    /** How long to wait between two looks. */
    long intervalNanos() {
        return intervalNanos;
    }

    /** Looks at all threads; {@code nowNanos} is on the scale of {@link System#nanoTime}. */
    void look(long nowNanos) {
        long elapsedNanos = Math.min(nowNanos - lookedNanos, intervalNanos);
        lookedNanos = nowNanos;
        for (Sighting sighting : sightings.values()) {
            sighting.look(elapsedNanos);
        }
    }

    /** Whether the last look found the thread in a callback for too long. */
    public boolean isStalled(Progress progress) {
        Sighting sighting = sightings.get(progress);
        return sighting != null && sighting.isStalled();
    }

    private final class Sighting {
        private final Progress progress;
        private long word;
        private long heldNanos;
        private @Nullable Stuck told;

        Sighting(Progress progress) {
            this.progress = progress;
            this.word = progress.word();
        }

        synchronized boolean isStalled() {
            return told != null;
        }

        synchronized void look(long elapsedNanos) {
            long now = progress.word();
            if (now != word) {
                end();
                word = now;
                heldNanos = 0;
                return;
            }
            Stage stage = Progress.stageOf(now);
            if (stage != null) {
                heldNanos += elapsedNanos;
                if (told == null && heldNanos >= timeoutNanos) {
                    begin(stage);
                }
            }
        }

        private void begin(Stage stage) {
            Thread thread = progress.thread();
            if (thread == null) {
                return;
            }
            Key key = progress.key(stage);
            List<StackTraceElement> stack = List.of(thread.getStackTrace());
            if (progress.word() == word) { // else key and stack may be those of another callback
                told = new Stuck(stage, thread.getName(), key, Duration.ofNanos(heldNanos), stack);
                listener.onStall(told);
            }
        }

        synchronized void end() {
            Stuck begun = told;
            told = null;
            if (begun != null) {
                listener.onStallEnd(
                        new Stuck(begun.stage, begun.thread, begun.key, Duration.ofNanos(heldNanos), List.of()));
            }
        }
    }

    private record Stuck(
            Stage stage, String thread, @Nullable Key key, Duration duration, List<StackTraceElement> stack)
            implements Stall {}
}
