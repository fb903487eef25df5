package io.trafilo.dispatch;

/** Marks threads that are none of the engine's own while they may hold one of its shards. Thread-safe. */
public final class EngineScope {
    private final ThreadLocal<Boolean> inside = new ThreadLocal<>();

    /** Whether the calling thread is between {@link #enter} and its end. */
    public boolean isInside() {
        return Boolean.TRUE.equals(inside.get());
    }

    /** Marks the calling thread. */
    public void enter() {
        inside.set(Boolean.TRUE);
    }

    /** Ends the mark on a thread that will come again. */
    public void leave() {
        inside.set(Boolean.FALSE);
    }

    /** Ends the mark on a thread that may not come again. */
    public void forget() {
        inside.remove();
    }
}
