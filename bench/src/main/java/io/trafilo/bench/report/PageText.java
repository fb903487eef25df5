package io.trafilo.bench.report;

import static java.util.Objects.requireNonNull;

import java.util.Base64;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** The page as HTML. It has no script, and forbids the browser to load anything that is not in it. */
record PageText(String title, String subtitle, String command, List<ReportRun> runs) {
    private static final String STYLE = """
            :root { color-scheme: light dark; --text: #1f2328; --quiet: #59636e; --page: #ffffff; --panel: #f6f8fa;
              --line: #d1d9e0; }
            @media (prefers-color-scheme: dark) {
              :root { --text: #e6e9ed; --quiet: #a3adb8; --page: #14181d; --panel: #1e242b; --line: #39424d; } }
            * { box-sizing: border-box; }
            body { margin: 0; background: var(--page); color: var(--text);
              font: 16px/1.5 system-ui, -apple-system, "Segoe UI", "DejaVu Sans", sans-serif; }
            main { max-width: 66rem; margin: 0 auto; padding: 2rem 1rem 4rem; }
            h1 { font-size: 1.75rem; line-height: 1.25; margin: 0 0 .25rem; overflow-wrap: anywhere; }
            h2 { font-size: 1.2rem; margin: 2.5rem 0 .75rem; }
            .subtitle, figcaption { color: var(--quiet); margin: 0; overflow-wrap: anywhere; }
            pre { background: var(--panel); border: 1px solid var(--line); border-radius: 6px; padding: .75rem 1rem;
              margin: 1.25rem 0 0; white-space: pre-wrap; overflow-wrap: anywhere;
              font: .875rem/1.5 ui-monospace, "DejaVu Sans Mono", monospace; }
            .wide { overflow-x: auto; border: 1px solid var(--line); border-radius: 6px; }
            table { border-collapse: collapse; width: 100%; font-size: .9rem; font-variant-numeric: tabular-nums; }
            th, td { padding: .45rem .75rem; text-align: right; white-space: nowrap;
              border-bottom: 1px solid var(--line); }
            tbody tr:last-child > * { border-bottom: 0; }
            thead th { background: var(--panel); font-weight: 600; vertical-align: bottom; }
            th:first-child { text-align: left; }
            tbody th { font-weight: 500; }
            .words td { text-align: left; white-space: normal; overflow-wrap: break-word; min-width: 9rem; }
            .words th { text-align: left; }
            .unit { display: block; font-weight: 400; color: var(--quiet); font-size: .8rem; }
            figure { margin: 0; }
            img { display: block; width: 100%; height: auto; background: #ffffff; border: 1px solid var(--line);
              border-radius: 6px; }
            figcaption { font-size: .875rem; margin-top: .5rem; }
            .note { border-left: 4px solid #d55e00; background: var(--panel); padding: .75rem 1rem; margin: 1.5rem 0 0; }
            """;

    PageText {
        requireNonNull(title, "title");
        requireNonNull(subtitle, "subtitle");
        requireNonNull(command, "command");
        if (runs.isEmpty()) {
            throw new IllegalArgumentException("runs: none (expected: at least one)");
        }
    }

    /** The page with the plots inside, and a note that is left out when it is empty. */
    String html(List<Plot> plots, String note) {
        StringBuilder out = new StringBuilder(1 << 16);
        out.append("<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n")
                .append("<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; img-src data:; ")
                .append("style-src 'unsafe-inline'\">\n")
                .append("<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n");
        element(out, "title", title);
        out.append("<style>\n").append(STYLE).append("</style>\n</head>\n<body>\n<main>\n");
        element(out, "h1", title);
        out.append("<p class=\"subtitle\">").append(escape(subtitle)).append("</p>\n");
        out.append("<pre><code>").append(escape(command)).append("</code></pre>\n");
        if (!note.isEmpty()) {
            out.append("<p class=\"note\" role=\"note\">").append(escape(note)).append("</p>\n");
        }
        appendRuns(out);
        plots.forEach(plot -> append(out, plot));
        appendFacts(out);
        return out.append("</main>\n</body>\n</html>\n").toString();
    }

    private void appendRuns(StringBuilder out) {
        element(out, "h2", "Runs");
        out.append("<div class=\"wide\" tabindex=\"0\"><table>\n<thead><tr><th scope=\"col\">Label</th>");
        column(out, "Round", "");
        column(out, "Handled", "datagrams/s");
        column(out, "Lost", "datagrams");
        column(out, "CPU per datagram", "µs");
        column(out, "p50", "µs");
        column(out, "p99", "µs");
        column(out, "p99.9", "µs");
        out.append("</tr></thead>\n<tbody>\n");
        for (ReportRun run : runs) {
            out.append("<tr><th scope=\"row\">").append(escape(run.label())).append("</th>");
            element(out, "td", Integer.toString(run.round()));
            element(out, "td", Figures.whole(run.handledPerSecond()));
            element(out, "td", Figures.whole(run.lost()));
            element(out, "td", Figures.number(run.cpuMicrosPerDatagram()));
            element(out, "td", Figures.number(run.latencyMicros(50)));
            element(out, "td", Figures.number(run.latencyMicros(99)));
            element(out, "td", Figures.number(run.latencyMicros(99.9)));
            out.append("</tr>\n");
        }
        out.append("</tbody></table></div>\n");
    }

    private void appendFacts(StringBuilder out) {
        Set<String> names = new LinkedHashSet<>();
        runs.forEach(run -> names.addAll(run.facts().keySet()));
        if (names.isEmpty()) {
            return;
        }
        element(out, "h2", "Facts");
        out.append(
                "<div class=\"wide\" tabindex=\"0\"><table class=\"words\">\n<thead><tr><th scope=\"col\">Fact</th>");
        for (ReportRun run : runs) {
            column(out, run.label(), "round " + run.round());
        }
        out.append("</tr></thead>\n<tbody>\n");
        for (String name : names) {
            out.append("<tr><th scope=\"row\">").append(escape(name)).append("</th>");
            for (ReportRun run : runs) {
                element(out, "td", run.facts().getOrDefault(name, Figures.UNKNOWN));
            }
            out.append("</tr>\n");
        }
        out.append("</tbody></table></div>\n");
    }

    private static void append(StringBuilder out, Plot plot) {
        element(out, "h2", plot.heading());
        out.append("<figure>\n<img width=\"")
                .append(Canvas.WIDTH)
                .append("\" height=\"")
                .append(plot.canvas().height())
                .append("\" alt=\"")
                .append(escape(plot.alternative()))
                .append("\" src=\"data:image/png;base64,")
                .append(Base64.getEncoder().encodeToString(plot.canvas().png()))
                .append("\">\n");
        element(out, "figcaption", plot.caption());
        out.append("</figure>\n");
    }

    private static void column(StringBuilder out, String name, String unit) {
        out.append("<th scope=\"col\">").append(escape(name));
        if (!unit.isEmpty()) {
            out.append(" <span class=\"unit\">").append(escape(unit)).append("</span>");
        }
        out.append("</th>");
    }

    private static void element(StringBuilder out, String tag, String text) {
        out.append('<').append(tag).append('>').append(escape(text));
        out.append("</").append(tag).append('>');
        out.append(tag.equals("td") ? "" : "\n");
    }

    /** The text with nothing in it that HTML gives a meaning to, in an element or in a quoted attribute. */
    static String escape(String text) {
        StringBuilder out = new StringBuilder(text.length() + 16);
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            switch (c) {
                case '&' -> out.append("&amp;");
                case '<' -> out.append("&lt;");
                case '>' -> out.append("&gt;");
                case '"' -> out.append("&quot;");
                case '\'' -> out.append("&#39;");
                case '\n', '\t' -> out.append(c);
                default -> out.append(Character.isISOControl(c) ? '\ufffd' : c);
            }
        }
        return out.toString();
    }
}
