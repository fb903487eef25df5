package io.trafilo.spi;

import io.trafilo.Trafilo;

/** The engine as listener modules see it. Thread-safe. */
public interface ListenerHost {
    /**
     * Returns the engine as a host for listeners.
     *
     * @param engine an engine built by {@link io.trafilo.TrafiloBuilder}
     * @return the same engine
     * @throws IllegalArgumentException if it is another implementation of {@link Trafilo}
     */
    static ListenerHost of(Trafilo<?> engine) {
        if (engine instanceof ListenerHost host) {
            return host;
        }
        throw new IllegalArgumentException(
                "engine: " + engine.getClass().getName() + " (expected: an engine built by TrafiloBuilder)");
    }

    /**
     * Opens an intake for one thread of a listener.
     *
     * @param access how workers read and release the listener's buffers
     * @param handle closes the listener when the engine closes; the same object for all intakes of one listener
     * @param <B> the type of the listener's buffers
     * @return a new intake, which the listener must close
     * @throws IllegalStateException if the engine is not running
     */
    <B> Intake<B> openIntake(BufferAccess<B> access, ListenerHandle handle);

    /**
     * Reports an error of a listener to the engine's {@link io.trafilo.ErrorListener}, on another thread, and does not wait.
     * An error that {@linkplain #stopsEngine stops the engine} does so first.
     *
     * @param error what was thrown
     */
    void reportError(Throwable error);

    /**
     * Whether {@link #reportError} stops the engine for this error. A listener that can go on wraps the error in an
     * exception.
     *
     * @param error what was thrown
     * @return true for a {@link VirtualMachineError} other than {@link StackOverflowError}
     */
    boolean stopsEngine(Throwable error);
}
