package io.trafilo.spi;

import java.time.Duration;

/** Lets the engine close a listener, which happens before the engine drains its ring. */
@FunctionalInterface
public interface ListenerHandle {
    /**
     * Stops reading and publishes what was read, within the given time. What cannot be published by then is counted as
     * discarded. Called once, on a thread of its own, when the engine closes, unless the listener has already closed its
     * intakes. Blocks until done; if it takes too long, the engine interrupts it and goes on without it.
     *
     * @param timeout how long it may take; zero or more
     */
    void close(Duration timeout);

    /**
     * Whether the listener's threads handle what they publish: {@link Intake#publish} then parses the messages and runs the
     * callbacks before it returns, and nothing passes through the ring. Called once, when an intake is opened.
     *
     * @return false unless overridden
     */
    default boolean runsToCompletion() {
        return false;
    }

    /**
     * Publishes what the listener's sockets hold at present, and then calls {@code whenRead}, from any thread. The engine
     * asks for this after a standstill, before it fires timers that fell due meanwhile. Called by any thread, rarely. Must
     * return at once. A listener that cannot tell calls {@code whenRead} immediately, which is what this does unless
     * overridden.
     *
     * @param whenRead to be called once for each call of this method
     */
    default void catchUp(Runnable whenRead) {
        whenRead.run();
    }

    /**
     * Does the thread's regular duties, such as counting the kernel's drops, while {@link Intake#publish} waits for room.
     * Called about every 0.1 s on the intake's own thread. Must not block. An exception goes to the engine's
     * {@link io.trafilo.ErrorListener}.
     */
    default void whileWaiting() {}
}
