package io.trafilo;

/** An engine stopped because of an error, which is the cause. Thrown by {@link Trafilo#run}. */
public final class EngineFailedException extends RuntimeException {
    private static final long serialVersionUID = 1;

    /**
     * Says which engine stopped.
     *
     * @param message what happened
     * @param cause the error that stopped the engine
     */
    public EngineFailedException(String message, Throwable cause) {
        super(message, cause);
    }
}
