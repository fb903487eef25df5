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
 * Notices threads that stay in one callback for too long. Threads can be added and removed at any time, by any thread. One
 * thread looks.
 */
public final class StallWatch {
    /*
     * A look compares the word of each thread with the word at the last look. That costs the watched threads nothing. The
     * time in a callback is summed from look to look, and a look adds at most one interval. So after the whole process has
     * paused, for a signal or a collection, the callback still gets the rest of its time.
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

    public void add(Progress progress) {
        sightings.put(progress, new Sighting(progress));
    }

    /** Stops watching a thread, which also ends its stall. Idempotent. */
    public void remove(Progress progress) {
        Sighting sighting = sightings.remove(progress);
        if (sighting != null) {
            sighting.end();
        }
    }

    /** The time between two looks. */
    long intervalNanos() {
        return intervalNanos;
    }

    /**
     * Looks at all threads; {@code nowNanos} is on the scale of {@link System#nanoTime}. Returns whether any is in a
     * callback.
     */
    boolean look(long nowNanos) {
        long elapsedNanos = Math.min(nowNanos - lookedNanos, intervalNanos);
        lookedNanos = nowNanos;
        boolean anyInCallback = false;
        for (Sighting sighting : sightings.values()) {
            anyInCallback |= sighting.look(elapsedNanos);
        }
        return anyInCallback;
    }

    /** Whether the last look found the thread in a callback for too long. */
    public boolean isStalled(Progress progress) {
        Sighting sighting = sightings.get(progress);
        return sighting != null && sighting.isStalled();
    }

    private final class Sighting {
        private final Progress progress;
        private long word;
        private long stuckNanos;
        private @Nullable Stuck reported;

        Sighting(Progress progress) {
            this.progress = progress;
            this.word = progress.word();
        }

        synchronized boolean isStalled() {
            return reported != null;
        }

        /** Whether the thread is in a callback. */
        synchronized boolean look(long elapsedNanos) {
            long now = progress.word();
            Stage stage = Progress.stageOf(now);
            if (now != word) {
                end();
                word = now;
                stuckNanos = 0;
            } else if (stage != null) {
                stuckNanos += elapsedNanos;
                if (reported == null && stuckNanos >= timeoutNanos) {
                    begin(stage);
                }
            }
            return stage != null;
        }

        private void begin(Stage stage) {
            Thread thread = progress.thread();
            if (thread == null) {
                return;
            }
            Key key = progress.key(stage);
            List<StackTraceElement> stack = List.of(thread.getStackTrace());
            if (progress.word() == word) { // otherwise key and stack may belong to another callback
                reported = new Stuck(stage, thread.getName(), key, Duration.ofNanos(stuckNanos), stack);
                listener.onStall(reported);
            }
        }

        synchronized void end() {
            Stuck begun = reported;
            reported = null;
            if (begun != null) {
                listener.onStallEnd(
                        new Stuck(begun.stage, begun.thread, begun.key, Duration.ofNanos(stuckNanos), List.of()));
            }
        }
    }

    private record Stuck(
            Stage stage, String thread, @Nullable Key key, Duration duration, List<StackTraceElement> stack)
            implements Stall {}
}
