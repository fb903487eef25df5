package io.trafilo.state;

import io.trafilo.ErrorListener;
import io.trafilo.ErrorListener.Stage;
import io.trafilo.Key;
import io.trafilo.ledger.Counter;
import io.trafilo.ledger.CounterRow;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Tells the application of an error without letting its listener do harm, and the engine of one it cannot outlive.
 * Thread-safe.
 */
public final class ErrorReporter {
    private final ErrorListener listener;
    private final CounterRow shared;
    private final Consumer<Throwable> engine;

    /** Set while a thread, which may be any, is in the listener. */
    private final ThreadLocal<Boolean> telling = new ThreadLocal<>();

    /** {@code shared} is a row for several writers; {@code engine} takes the errors that must stop the engine. */
    public ErrorReporter(ErrorListener listener, CounterRow shared, Consumer<Throwable> engine) {
        this.listener = listener;
        this.shared = shared;
        this.engine = engine;
    }

    /** Reports an error of a callback; a fatal one stops the engine, and that first, for the listener may hang. */
    public void report(Stage stage, @Nullable Key key, Throwable error) {
        if (isFatal(error)) {
            engine.accept(error);
        }
        tell(stage, key, error);
    }

    /** Reports an error of the engine's own, which stops it whatever it is. */
    public void fail(Throwable error) {
        stop(error); // first: telling may fail for the same reason
        tell(Stage.ENGINE, null, error);
    }

    /** Stops the engine and tells nobody; needs no memory. */
    public void stop(Throwable error) {
        engine.accept(error);
    }

    /** Whether the calling thread is in the error listener. */
    public boolean isTelling() {
        return telling.get() != null;
    }

    private void tell(Stage stage, @Nullable Key key, Throwable error) {
        tell(() -> listener.onError(stage, key, error));
    }

    /** Calls a listener of the application; what it throws is counted, and a fatal error stops the engine. */
    public void tell(Runnable call) {
        boolean outermost = telling.get() == null;
        try {
            telling.set(true);
            call.run();
        } catch (Throwable failure) {
            shared.addShared(Counter.ERROR_LISTENER_FAILED, 1);
            if (isFatal(failure)) {
                engine.accept(failure);
            }
        } finally {
            if (outermost) {
                telling.remove();
            }
        }
    }

    /** Whether an error must stop the engine wherever it is thrown. */
    public static boolean isFatal(Throwable error) {
        return error instanceof VirtualMachineError && !(error instanceof StackOverflowError);
    }
}
