package io.trafilo;

/** Reports that an error stopped an engine; the cause is that error. Thrown by {@link Trafilo#run}. */
public final class EngineFailedException extends RuntimeException {
    private static final long serialVersionUID = 1;

    /**
     * Creates an exception.
     *
     * @param message what happened
     * @param cause the error that stopped the engine
     */
    public EngineFailedException(String message, Throwable cause) {
        super(message, cause);
    }
}
