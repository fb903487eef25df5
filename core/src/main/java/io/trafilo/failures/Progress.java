package io.trafilo.failures;

import io.trafilo.ErrorListener.Stage;
import io.trafilo.Key;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import org.jspecify.annotations.Nullable;

/**
 * What one thread is doing: which callback it is in, and how many came before. Written by that thread. Another thread that
 * sees the same word twice knows that the callback has not returned in between.
 */
public class Progress {
    private static final int STAGE_BITS = 4;
    private static final long STAGE_MASK = (1 << STAGE_BITS) - 1;
    private static final Stage[] STAGES = Stage.values();
    private static final VarHandle WORD;

    static {
        try {
            WORD = MethodHandles.lookup().findVarHandle(Progress.class, "word", long.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    /** The number of callbacks entered so far; in the low bits, the stage of the current one plus 1, or 0 for none. */
    private long word;

    private volatile @Nullable Thread thread;
    private @Nullable Key subject; // read without a fence, long after the callback began

    /** Binds this to the calling thread. */
    public final void bindThread() {
        Thread current = Thread.currentThread();
        if (thread != current) {
            thread = current;
        }
    }

    /** Marks the beginning of a callback. */
    public final void enter(Stage stage) {
        long entered = (word >>> STAGE_BITS) + 1;
        WORD.setOpaque(this, (entered << STAGE_BITS) + stage.ordinal() + 1);
    }

    /** Marks the beginning of a callback for a key. For stages whose key {@link #key} cannot derive. */
    public final void enter(Stage stage, @Nullable Key key) {
        subject = key;
        enter(stage);
    }

    /** Marks the end of the callback. */
    public final void exit() {
        WORD.setOpaque(this, word & ~STAGE_MASK);
    }

    // ---- the watching thread

    public final long word() {
        return (long) WORD.getOpaque(this);
    }

    /** The stage encoded in a word; null if no callback was running. */
    public static @Nullable Stage stageOf(long word) {
        int stage = (int) (word & STAGE_MASK) - 1;
        return stage < 0 ? null : STAGES[stage];
    }

    /** The bound thread; null if there is none yet. */
    public final @Nullable Thread thread() {
        return thread;
    }

    /**
     * The key of the current callback; null if there is none. Valid only if {@link #word} was the same before and after the
     * call.
     */
    public @Nullable Key key(Stage stage) {
        return stage == Stage.STATE_FACTORY || stage == Stage.DISPOSER || stage == Stage.ENGINE ? subject : null;
    }
}
