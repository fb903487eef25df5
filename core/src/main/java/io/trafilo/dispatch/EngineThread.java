package io.trafilo.dispatch;

/** A thread of one engine, on which callbacks run; so that a call back into the same engine can be told. */
public final class EngineThread extends Thread {
    private final Object engine;

    public EngineThread(Object engine, String name, Runnable task) {
        super(task, name);
        this.engine = engine;
    }

    /**
     * Waits for this thread to end; false if it has not by the deadline on the scale of {@link System#nanoTime}. An interrupt of
     * the calling thread, which a callback has left behind, is dropped.
     */
    public boolean awaitEnd(long deadlineNanos) {
        long leftNanos = deadlineNanos - System.nanoTime();
        while (isAlive() && leftNanos > 0) {
            try {
                join(leftNanos / 1_000_000, (int) (leftNanos % 1_000_000));
            } catch (InterruptedException leftByCallback) {
                // which has cleared it
            }
            leftNanos = deadlineNanos - System.nanoTime();
        }
        return !isAlive();
    }

    /** Whether the calling thread belongs to this engine. */
    public static boolean isCurrentOf(Object engine) {
        return Thread.currentThread() instanceof EngineThread thread && thread.engine == engine;
    }
}
