package io.trafilo.bench;

import java.io.InputStream;
import java.io.PrintStream;
import java.util.Locale;

/** Where a program reads and writes: results to {@code out}, what is said about them to {@code err}. Both in UTF-8. */
record Console(InputStream in, PrintStream out, PrintStream err) {
    /** Writes a line of results, at once. */
    void say(String format, Object... values) {
        out.println(format(format, values));
        out.flush();
    }

    /** Formats the same in every locale. */
    static String format(String format, Object... values) {
        return String.format(Locale.ROOT, format, values);
    }
}
