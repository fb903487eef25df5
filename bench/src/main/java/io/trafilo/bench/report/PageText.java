package io.trafilo.bench.report;

import java.util.Base64;
import java.util.List;
import java.util.Map;

/** The page as HTML. It has no script, and forbids the browser to load anything that is not in it. */
record PageText(ReportHead head, List<ReportRun> runs, Map<String, String> ratios) {
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
            .subtitle, .below, figcaption { color: var(--quiet); margin: 0; overflow-wrap: anywhere; }
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
            tbody th { font-weight: 500; white-space: normal; min-width: 7rem; }
            .words td, .words th { text-align: left; vertical-align: top; }
            .words td { white-space: normal; overflow-wrap: break-word; min-width: 7rem; }
            .words tbody th { position: sticky; left: 0; background: var(--page); }
            .unit { display: block; font-weight: 400; color: var(--quiet); font-size: .8rem; }
            figure { margin: 0; }
            img { display: block; width: 100%; height: auto; background: #ffffff; border: 1px solid var(--line);
              border-radius: 6px; }
            figcaption, .below { font-size: .875rem; margin-top: .5rem; }
            .note { border-left: 4px solid #d55e00; background: var(--panel); padding: .75rem 1rem; margin: 1.5rem 0 0; }
            """;

    PageText {
        if (runs.isEmpty()) {
            throw new IllegalArgumentException("runs: none (expected: at least one)");
        }
    }

    /** The page with the plots inside, and a note that is left out when it is empty. */
    String html(List<Plot> plots, String note) {
        Html out = new Html();
        out.raw("<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n")
                .raw("<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; img-src data:; ")
                .raw("style-src 'unsafe-inline'\">\n")
                .raw("<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n")
                .element("title", head.title())
                .raw("<style>\n" + STYLE + "</style>\n</head>\n<body>\n<main>\n")
                .element("h1", head.title());
        out.raw("<p class=\"subtitle\">").text(head.subtitle()).raw("</p>\n");
        out.raw("<pre><code>").text(head.command()).raw("</code></pre>\n");
        for (String warning : List.of(head.warning(), note)) {
            if (!warning.isEmpty()) {
                out.raw("<p class=\"note\" role=\"note\">").text(warning).raw("</p>\n");
            }
        }
        PageTables tables = new PageTables(runs);
        tables.appendFigures(out);
        tables.appendRatios(out, ratios);
        plots.forEach(plot -> append(out, plot));
        tables.appendFacts(out);
        return out.raw("</main>\n</body>\n</html>\n").toString();
    }

    private static void append(Html out, Plot plot) {
        out.element("h2", plot.heading());
        out.raw("<figure>\n<img width=\"" + Canvas.WIDTH + "\" height=\""
                        + plot.canvas().height() + "\" alt=\"")
                .text(plot.alternative())
                .raw("\" src=\"data:image/png;base64,")
                .raw(Base64.getEncoder().encodeToString(plot.canvas().png()))
                .raw("\">\n");
        out.element("figcaption", plot.caption()).raw("</figure>\n");
    }
}
