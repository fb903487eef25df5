package io.trafilo.engine;

import io.trafilo.ErrorListener.Stage;
import io.trafilo.Key;
import io.trafilo.Stall;
import io.trafilo.StallListener;
import org.jspecify.annotations.Nullable;

/** Logs the beginning and the end of stalls, by stage. */
public final class LoggingStallListener implements StallListener {
    private static final int STAGES = Stage.values().length;

    private final EngineLog log = new EngineLog(2 * STAGES);

    @Override
    public void onStall(Stall stall) {
        log.warn(stall.stage().ordinal(), () -> text(stall, " has been stuck for "), new StackOf(stall));
    }

    @Override
    public void onStallEnd(Stall stall) {
        log.warn(STAGES + stall.stage().ordinal(), () -> text(stall, " resumed after "), null);
    }

    private static String text(Stall stall, String lasted) {
        return stall.stage() + lasted + Checks.text(stall.duration()) + " on thread " + Key.printable(stall.thread())
                + EngineLog.at(stall.key());
    }

    /** Never thrown: it makes the log print the stack of the stuck thread. */
    private static final class StackOf extends Throwable {
        private static final long serialVersionUID = 1;

        StackOf(Stall stall) {
            super("the stack of " + stall.thread(), null, false, true);
            setStackTrace(stall.stack().toArray(StackTraceElement[]::new));
        }

        @Override
        public @Nullable Throwable fillInStackTrace() {
            return this;
        }
    }
}
