package io.trafilo.simulation;

import io.trafilo.ErrorListener.Stage;

/** Which callbacks fail: for each key and stage the same throughout one step, so that the model knows as well. */
final class Faults {
    private final long seed;
    private final int oneIn;
    private long step;

    Faults(long seed, int oneIn) {
        this.seed = seed;
        this.oneIn = oneIn;
    }

    void nextStep() {
        step++;
    }

    boolean fails(Stage stage, String key) {
        return isOneIn(oneIn, stage.ordinal(), key);
    }

    /** Whether something that happens once in {@code n} times happens now. */
    boolean isOneIn(int n, int what, String key) {
        if (n == 0) {
            return false;
        }
        long hash = (seed * 31 + step) * 31 + what;
        hash = (hash * 31 + key.hashCode()) * 0x9E37_79B9_7F4A_7C15L;
        hash = (hash ^ (hash >>> 32)) * 0xD6E8_FEB8_6659_FD93L;
        return Long.remainderUnsigned(hash ^ (hash >>> 32), n) == 0;
    }
}
