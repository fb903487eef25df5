package io.trafilo.dispatch;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/**
 * Whether a worker still has its seat: its place among those who claim from the ring and park. Another worker can take the
 * seat only while this one is in callbacks.
 */
final class Tenure {
    /*
     * OWNING <-> HANDLING -> RELIEVED. In HANDLING a worker holds nothing of the ring, so another worker can use its cursor
     * and its parking place. Both ways out of HANDLING are a compare-and-set, and only one succeeds. The worker that takes
     * over sees everything its predecessor did before it began to handle.
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

    /** Before callbacks. The worker must have its seat and hold nothing of the ring. */
    void beginHandling() {
        STATE.setRelease(this, HANDLING);
    }

    /** After callbacks, or after an error in them; false if another worker has the seat by now. */
    boolean resume() {
        return state == OWNING || STATE.compareAndSet(this, HANDLING, OWNING);
    }

    // ---- others

    /** Takes the seat from a worker that is in callbacks; false if it is not, or has already lost the seat. */
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
