package io.trafilo.engine;

/** Runs a task when the virtual machine ends, unless it was removed before. */
final class ShutdownHook {
    private final Thread thread;

    ShutdownHook(String threadName, Runnable task) {
        thread = new Thread(task, threadName);
        Runtime.getRuntime().addShutdownHook(thread);
    }

    /** Does nothing if the virtual machine is ending already. */
    void remove() {
        try {
            Runtime.getRuntime().removeShutdownHook(thread);
        } catch (IllegalStateException jvmIsEnding) {
            // then the task runs, or has run
        }
    }
}
