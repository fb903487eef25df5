package io.trafilo.bench.report;

import static java.util.Objects.requireNonNull;

/**
 * What stands above the tables and plots of a page.
 *
 * @param title the heading of the page
 * @param subtitle a line below it
 * @param command what was run, as the reader may run it
 * @param warning why what follows is not to be trusted; empty if it is
 */
public record ReportHead(String title, String subtitle, String command, String warning) {
    /** Refuses null. */
    public ReportHead {
        requireNonNull(title, "title");
        requireNonNull(subtitle, "subtitle");
        requireNonNull(command, "command");
        requireNonNull(warning, "warning");
    }
}
