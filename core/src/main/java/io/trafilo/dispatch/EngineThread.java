package io.trafilo.dispatch;

/** A thread of one engine, on which callbacks run; so that a call back into the same engine can be told. */
public final class EngineThread extends Thread {
    private final Object engine;

    public EngineThread(Object engine, String name, Runnable task) {
        super(task, name);
        this.engine = engine;
    }

    /** Whether the calling thread belongs to this engine. */
    public static boolean isCurrentOf(Object engine) {
        return Thread.currentThread() instanceof EngineThread thread && thread.engine == engine;
    }
}
