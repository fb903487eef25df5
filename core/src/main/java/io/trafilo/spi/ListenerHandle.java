package io.trafilo.spi;

import java.time.Duration;

/** What the engine must be able to do with a listener: stop it before its own drain. */
@FunctionalInterface
public interface ListenerHandle {
    /**
     * Stops reading and publishes what was read, within the time given; what cannot be published by then is counted as
     * discarded. Blocks until done; if it takes longer, the engine interrupts it and goes on without it. Called once by the
     * engine when it closes, on a thread of its own, unless the listener has closed its intakes by then.
     *
     * @param timeout how long it may take; zero or more
     */
    void close(Duration timeout);

    /**
     * Whether the listener's threads handle what they publish themselves: {@link Intake#publish} then parses the messages and
     * runs the callbacks before it returns, and nothing passes through the ring. Asked once, when an intake is opened.
     *
     * @return false unless overridden
     */
    default boolean runsToCompletion() {
        return false;
    }

    /**
     * Called on an intake's own thread about every 0.1 s while {@link Intake#publish} waits for room, for what that thread does
     * regularly otherwise, such as counting the kernel's drops. It must not block. What it throws goes to the engine's
     * {@link io.trafilo.ErrorListener}.
     */
    default void whileWaiting() {}
}
