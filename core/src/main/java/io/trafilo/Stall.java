package io.trafilo;

import io.trafilo.ErrorListener.Stage;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A thread stuck in a callback, or waiting for room in the ring, for longer than {@link TrafiloBuilder#stallTimeout}. Immutable; an application may keep it.
 */
public interface Stall {
    /**
     * {@return where the thread is stuck}
     *
     * <ul>
     *   <li>{@code PARSER}, {@code STATE_FACTORY}, {@code HANDLER}, {@code SINK}, {@code DISPOSER}: in that callback, or in
     *       the error listener after that callback has thrown;
     *   <li>{@code LISTENER}: in a listener, waiting for room in the ring;
     *   <li>{@code ENGINE}: in a function passed to {@link Trafilo#read} or {@link Trafilo#forEachKey}, or in the error
     *       listener after an error of the engine itself.
     * </ul>
     */
    Stage stage();

    /** {@return the name of the thread} */
    String thread();

    /** {@return the key that the callback was called for; null if it has none yet} */
    @Nullable
    Key key();

    /**
     * {@return how long it has been stuck}
     *
     * <p>At least {@code stallTimeout}; may be short by up to half of that. A pause of the whole process adds
     * at most a quarter of {@code stallTimeout}.
     */
    Duration duration();

    /** {@return the stack of the thread when the stall was noticed, innermost call first; empty once the stall is over} */
    List<StackTraceElement> stack();
}
