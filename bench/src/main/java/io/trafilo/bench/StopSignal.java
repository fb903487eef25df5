package io.trafilo.bench;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * A request to stop, by the program itself or by a termination signal. On a signal the JVM waits, up to a limit, until this is
 * closed: so a program can drain and report.
 */
final class StopSignal implements AutoCloseable {
    private final CountDownLatch stop = new CountDownLatch(1);
    private final CountDownLatch finished = new CountDownLatch(1);
    private final Thread hook;

    /** @param onSignal is called when a signal comes, before the wait; may be null */
    StopSignal(Duration patience, @Nullable Runnable onSignal) {
        hook = new Thread(
                () -> {
                    stop.countDown();
                    if (onSignal != null) {
                        onSignal.run();
                    }
                    awaitFinished(patience);
                },
                "trafilo-bench-stop");
        Runtime.getRuntime().addShutdownHook(hook);
    }

    private void awaitFinished(Duration patience) {
        try {
            if (!finished.await(patience.toNanos(), TimeUnit.NANOSECONDS)) {
                System.err.println("not finished within " + DurationConverter.text(patience) + ", giving up");
            }
        } catch (InterruptedException hurried) {
            Thread.currentThread().interrupt();
        }
    }

    void request() {
        stop.countDown();
    }

    boolean isRequested() {
        return stop.getCount() == 0;
    }

    /** Waits for a request, up to a limit; whether there was one. */
    boolean await(long timeoutNanos) throws InterruptedException {
        return stop.await(timeoutNanos, TimeUnit.NANOSECONDS);
    }

    /** Says that all is done: the JVM may end. */
    @Override
    public void close() {
        finished.countDown();
        try {
            Runtime.getRuntime().removeShutdownHook(hook);
        } catch (IllegalStateException alreadyShuttingDown) {
            // the hook is running and has just been told
        }
    }
}
