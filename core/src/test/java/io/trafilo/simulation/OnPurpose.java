package io.trafilo.simulation;

/** What the simulation throws. */
final class OnPurpose extends RuntimeException {
    private static final long serialVersionUID = 1;

    OnPurpose(String where) {
        super(where, null, false, false);
    }
}
