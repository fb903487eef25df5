package io.trafilo.engine;

/** Room on the calling thread's stack. */
final class StackRoom {
    /** Some 10 kB of compiled frames, and more of interpreted ones: several times what the engine's own calls take. */
    private static final int FRAMES = 400;

    private StackRoom() {}

    /**
     * Throws a {@link StackOverflowError} unless there is room for the engine's own calls. Called before anything is taken
     * that a later overflow would keep from being given back.
     */
    static void require() {
        descend(FRAMES);
    }

    private static int descend(int frames) {
        return frames == 0 ? 0 : 1 + descend(frames - 1);
    }
}
