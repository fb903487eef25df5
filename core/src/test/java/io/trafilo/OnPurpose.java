package io.trafilo;

/** What the callbacks of these tests throw. */
final class OnPurpose extends RuntimeException {
    private static final long serialVersionUID = 1;

    OnPurpose() {
        super("on purpose");
    }
}
