package io.trafilo.bench;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.IntSupplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A page on a terminal that is written again and again, without a cursor and without broken lines. For one thread. */
final class Terminal implements AutoCloseable {
    private static final String BEGIN = "\033[?25l\033[?7l\033[2J";
    private static final String END = "\033[?7h\033[?25h";
    private static final String HOME = "\033[H";
    private static final String CLEAR_LINE = "\033[K";
    private static final String CLEAR_BELOW = "\033[J";

    private static final int USUAL_ROWS = 20;
    private static final Pattern SIZE = Pattern.compile("(\\d{1,4}) \\d+\\s*");

    private final PrintStream out;
    private final IntSupplier height;

    /** @param height tells the rows of the terminal, which may change */
    Terminal(PrintStream out, IntSupplier height) {
        this.out = out;
        this.height = height;
        out.print(BEGIN);
    }

    /** Whether standard input and output are a terminal that can move its cursor. */
    @SuppressWarnings("SystemConsoleNull") // and on newer JDKs, below
    static boolean isThere() {
        java.io.Console console = System.console();
        if (console == null || "dumb".equals(System.getenv("TERM"))) {
            return false;
        }
        try {
            // from JDK 22 on there is a console without a terminal, too
            return (Boolean) java.io.Console.class.getMethod("isTerminal").invoke(console);
        } catch (NoSuchMethodException older) {
            return true;
        } catch (ReflectiveOperationException unknown) {
            return false;
        }
    }

    /** The rows of the terminal at standard input; a few if nobody knows. */
    static int height() {
        try {
            Process stty = new ProcessBuilder("stty", "size")
                    .redirectInput(ProcessBuilder.Redirect.INHERIT)
                    .redirectError(ProcessBuilder.Redirect.DISCARD)
                    .start();
            if (stty.waitFor(1, TimeUnit.SECONDS)) {
                String said = new String(stty.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
                Matcher size = SIZE.matcher(said);
                return size.matches() && !size.group(1).equals("0") ? Integer.parseInt(size.group(1)) : USUAL_ROWS;
            }
            stty.destroyForcibly();
        } catch (IOException none) {
            return USUAL_ROWS;
        } catch (InterruptedException hurried) {
            Thread.currentThread().interrupt();
        }
        return USUAL_ROWS;
    }

    /** How many lines a page may have: the last row is the cursor's. */
    int rows() {
        return Math.max(1, height.getAsInt() - 1);
    }

    /** Puts these lines in place of what is there; what may come from outside must be printable. */
    void show(List<String> lines) {
        StringBuilder page = new StringBuilder(HOME);
        lines.forEach(line -> page.append(line).append(CLEAR_LINE).append('\n'));
        out.print(page.append(CLEAR_BELOW));
        out.flush();
    }

    /** Leaves the page there and gives the cursor back, below. */
    @Override
    public void close() {
        out.print(END);
        out.flush();
    }
}
