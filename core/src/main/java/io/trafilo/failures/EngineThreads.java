package io.trafilo.failures;

/**
 * Knows which threads may be inside a callback of one engine: its own, and any other while it is marked. A thread inside a
 * callback must not wait for the engine. Thread-safe.
 */
public final class EngineThreads {
    private final ThreadLocal<Boolean> marked = new ThreadLocal<>();

    /** Creates a thread of this engine, not started. */
    public EngineThread newThread(String name, Runnable task) {
        return new EngineThread(this, name, task);
    }

    /** Whether the calling thread may be inside a callback. */
    public boolean isInside() {
        return (Thread.currentThread() instanceof EngineThread thread && thread.owner == this)
                || Boolean.TRUE.equals(marked.get());
    }

    /** Marks the calling thread, which is not the engine's own. */
    public void enter() {
        marked.set(Boolean.TRUE);
    }

    /** Unmarks a thread that will be marked again. */
    public void leave() {
        marked.set(Boolean.FALSE);
    }

    /** Unmarks a thread that may never come back. */
    public void forget() {
        marked.remove();
    }

    /** A thread on which callbacks run; a daemon. */
    public static final class EngineThread extends Thread {
        private final EngineThreads owner;

        private EngineThread(EngineThreads owner, String name, Runnable task) {
            super(task, name);
            this.owner = owner;
            setDaemon(true); // what hangs must not keep the JVM alive
        }

        /**
         * Waits for this thread to end; false if it has not by the deadline, which is on the scale of
         * {@link System#nanoTime}. Drops an interrupt of the calling thread, left behind by a callback.
         */
        public boolean awaitEnd(long deadlineNanos) {
            long leftNanos = deadlineNanos - System.nanoTime();
            while (isAlive() && leftNanos > 0) {
                try {
                    join(leftNanos / 1_000_000, (int) (leftNanos % 1_000_000));
                } catch (InterruptedException leftByCallback) {
                    // the exception cleared the interrupt
                }
                leftNanos = deadlineNanos - System.nanoTime();
            }
            return !isAlive();
        }
    }
}
