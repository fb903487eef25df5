package io.trafilo.bench;

/** Something outside the program is not as it must be: it says so, without a stack trace, and ends with code 1. */
final class FailureException extends RuntimeException {
    private static final long serialVersionUID = 1;

    FailureException(String message) {
        super(message);
    }
}
