package io.trafilo.engine;

/** Runs a task when the JVM shuts down, unless it was removed before. */
final class ShutdownHook {
    private final Thread thread;

    ShutdownHook(String threadName, Runnable task) {
        thread = new Thread(task, threadName);
        Runtime.getRuntime().addShutdownHook(thread);
    }

    /** Does nothing if the JVM is already shutting down. */
    void remove() {
        try {
            Runtime.getRuntime().removeShutdownHook(thread);
        } catch (IllegalStateException jvmIsEnding) {
            // the task runs now, or has run
        }
    }
}
