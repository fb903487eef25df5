package io.trafilo.failures;

import io.trafilo.ErrorListener.Stage;
import io.trafilo.Key;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import org.jspecify.annotations.Nullable;

/**
 * What one thread is doing: which callback it is in, and how many it was in before. Written by that thread. Another thread that
 * looks twice and sees the same word knows that the callback has not returned in between.
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

    /** How many callbacks were entered, and below it the stage of the one under way plus 1, or 0 for none. */
    private long word;

    private volatile @Nullable Thread thread;
    private @Nullable Key subject; // read without a fence, by one who has seen the callback for long

    /** Says on which thread this is, which the calling one is. */
    public final void onThisThread() {
        Thread current = Thread.currentThread();
        if (thread != current) {
            thread = current;
        }
    }

    /** Says that a callback begins. */
    public final void enter(Stage stage) {
        long entered = (word >>> STAGE_BITS) + 1;
        WORD.setOpaque(this, (entered << STAGE_BITS) + stage.ordinal() + 1);
    }

    /** Says that a callback begins, and which key it is about, where {@link #key} could not tell. */
    public final void enter(Stage stage, @Nullable Key key) {
        subject = key;
        enter(stage);
    }

    /** Says that the callback is over. */
    public final void exit() {
        WORD.setOpaque(this, word & ~STAGE_MASK);
    }

    // ---- for those who look

    public final long word() {
        return (long) WORD.getOpaque(this);
    }

    /** The stage that a word speaks of; null if no callback was under way. */
    public static @Nullable Stage stageOf(long word) {
        int stage = (int) (word & STAGE_MASK) - 1;
        return stage < 0 ? null : STAGES[stage];
    }

    /** The thread, null if it has not begun. */
    public final @Nullable Thread thread() {
        return thread;
    }

    /** The key that a callback is about, for one who finds its word unchanged before and after; null if none is known. */
    public @Nullable Key key(Stage stage) {
        return stage == Stage.STATE_FACTORY || stage == Stage.DISPOSER || stage == Stage.ENGINE ? subject : null;
    }
}
