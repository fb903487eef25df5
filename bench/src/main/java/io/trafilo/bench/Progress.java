package io.trafilo.bench;

import io.trafilo.Key;
import java.io.PrintStream;

/** Shows how far a run in another process is: on a terminal in one line, otherwise in a line now and then. For one thread. */
final class Progress {
    private static final int NOW_AND_THEN = 5;

    private final PrintStream err;
    private final boolean terminal;
    private int said;

    Progress(PrintStream err, boolean terminal) {
        this.err = err;
        this.terminal = terminal;
    }

    /** Takes a line of the run, which may be one that tells of its progress. */
    void take(String run, String line) {
        if (!LiveLine.isOne(line)) {
            return;
        }
        String text = "  " + run + ": " + Key.printable(line);
        if (terminal) {
            err.print("\r" + text + "\033[K");
            err.flush();
        } else if (++said % NOW_AND_THEN == 0) {
            err.println(text);
        }
    }

    /** The run is over: what follows begins on an empty line. */
    void end() {
        said = 0;
        if (terminal) {
            err.print("\r\033[K");
            err.flush();
        }
    }
}
