package io.trafilo;

import io.trafilo.ErrorListener.Stage;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A callback that has not returned, or a listening thread that has found no room in the ring, for longer than
 * {@link Trafilo.Builder#stallTimeout}. Immutable.
 *
 * @param stage where the thread is: in the parser, state factory, handler, sink or disposer, or in the error listener after
 *     one of them has thrown; {@code LISTENER} when a listener's thread waits for the ring; {@code ENGINE} in a function
 *     given to {@link Trafilo#read} or {@link Trafilo#forEachKey}, or in the error listener after an error of the engine's
 *     own
 * @param thread the name of the thread, for a callback usually a worker's
 * @param key the key that the callback is about; null if there is none yet
 * @param duration for how long it was seen there: at least {@code stallTimeout}, and up to half of that less than it really
 *     was. A time in which the whole process stood still counts as a quarter of {@code stallTimeout} at the most
 * @param stack where the thread was when the stall was noticed, innermost call first; empty when it is over
 * @param over false when the stall is noticed, true when the callback has returned after all or the listener goes on
 */
public record Stall(
        Stage stage, String thread, @Nullable Key key, Duration duration, List<StackTraceElement> stack, boolean over) {
    /**
     * Copies the stack.
     *
     * @param stage as above
     * @param thread as above
     * @param key as above
     * @param duration as above
     * @param stack as above
     * @param over as above
     */
    public Stall {
        stack = List.copyOf(stack);
    }
}
