package io.trafilo;

import io.trafilo.ErrorListener.Stage;
import org.jspecify.annotations.Nullable;

/** Writes stalls into the log, by stage, and their ends. */
final class LoggingStallListener implements StallListener {
    private static final int STAGES = Stage.values().length;

    private final EngineLog log = new EngineLog(2 * STAGES);

    @Override
    public void onStall(Stall stall) {
        int kind = stall.stage().ordinal() + (stall.over() ? STAGES : 0);
        log.warn(kind, () -> text(stall), stall.over() ? null : new StackOf(stall));
    }

    private static String text(Stall stall) {
        String lasted = stall.over() ? " goes on after " : " stands still for ";
        return stall.stage() + lasted + Checks.text(stall.duration()) + " on thread " + stall.thread()
                + EngineLog.at(stall.key());
    }

    /** Was never thrown; a log prints its stack, which is that of the thread that stands still. */
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
