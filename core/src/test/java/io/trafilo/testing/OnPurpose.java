package io.trafilo.testing;

/** What the callbacks of these tests throw. */
public final class OnPurpose extends RuntimeException {
    private static final long serialVersionUID = 1;

    public OnPurpose() {
        super("on purpose");
    }
}
