package io.trafilo.dispatch;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/**
 * Whether a worker still has its seat: its place among those who claim from the ring and sleep beside it. While it is in
 * callbacks, and only then, another can take the seat from it.
 */
final class Tenure {
    /*
     * OWNING <-> HANDLING -> RELIEVED. In HANDLING a worker has nothing of the ring in hand, so its cursor and its place in
     * the parking are as good for another. Both ways out of HANDLING are one compare-and-set, of which one succeeds. Whoever
     * takes over sees all that the worker did before it began to handle.
     */
    private static final int OWNING = 0;
    private static final int HANDLING = 1;
    private static final int RELIEVED = 2;
    private static final VarHandle STATE;

    static {
        try {
            STATE = MethodHandles.lookup().findVarHandle(Tenure.class, "state", int.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private volatile int state = OWNING;

    // ---- the worker

    /** Before callbacks. The worker must have its seat, and nothing of the ring. */
    void beginHandling() {
        STATE.setRelease(this, HANDLING);
    }

    /** After callbacks, or when an error has led out of them; false if the seat is another's by now. */
    boolean resume() {
        return state == OWNING || STATE.compareAndSet(this, HANDLING, OWNING);
    }

    // ---- others

    /** Takes the seat from a worker that is in callbacks; false if it is not, or has lost it before. */
    boolean tryRelieve() {
        return STATE.compareAndSet(this, HANDLING, RELIEVED);
    }

    boolean isHandling() {
        return state == HANDLING;
    }

    boolean isRelieved() {
        return state == RELIEVED;
    }
}
