package io.trafilo.bench.report;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;

/**
 * A page of tables and plots as HTML, with all that it needs inside. Every text is escaped. The browser may load nothing, and runs
 * no script but the two that draw.
 */
public final class Page {
    private final String title;
    private final StringBuilder body = new StringBuilder(1 << 16);
    private final List<Plot> plots = new ArrayList<>();

    /** Begins a page with a line below its heading, and what was run, as the reader may run it. */
    public Page(String title, String subtitle, String command) {
        this.title = title;
        body.append(element("h1", title)).append("<p class=\"subtitle\">").append(escaped(subtitle));
        body.append("</p>\n<pre><code>").append(escaped(command)).append("</code></pre>\n");
    }

    /** Adds what a reader must not miss, unless it is empty. */
    public void note(String text) {
        if (!text.isEmpty()) {
            body.append("<p class=\"note\" role=\"note\">")
                    .append(escaped(text))
                    .append("</p>\n");
        }
    }

    /** Adds a table of numbers or words, the style, unless it has no rows. The first cell of a row names it. */
    public void table(String heading, List<String> columns, List<List<String>> rows, String style) {
        if (rows.isEmpty()) {
            return;
        }
        body.append(element("h2", heading));
        body.append("<div class=\"wide\" tabindex=\"0\"><table class=\"" + style + "\">\n");
        if (!columns.isEmpty()) {
            body.append("<thead><tr>");
            columns.forEach(column ->
                    body.append("<th scope=\"col\">").append(escaped(column)).append("</th>"));
            body.append("</tr></thead>\n");
        }
        body.append("<tbody>\n");
        for (List<String> row : rows) {
            body.append("<tr><th scope=\"row\">").append(escaped(row.get(0))).append("</th>");
            row.stream()
                    .skip(1)
                    .forEach(cell -> body.append("<td>").append(escaped(cell)).append("</td>"));
            body.append("</tr>\n");
        }
        body.append("</tbody></table></div>\n");
    }

    /** Adds a plot, to be drawn when the page is opened. */
    public void plot(Plot plot) {
        plots.add(plot);
        body.append(element("h2", plot.heading())).append("<figure>\n");
        body.append("<div class=\"plot\" role=\"img\" aria-label=\"").append(escaped(plot.words()));
        body.append("\"></div>\n").append(element("figcaption", plot.caption())).append("</figure>\n");
    }

    /** The plots that were added, in their order. */
    public List<Plot> plots() {
        return List.copyOf(plots);
    }

    /** The page, given its plots as JSON in which no text ends a script. */
    public String html(String plotsJson) {
        String uPlot = resource("uplot/uPlot.iife.min.js");
        String draw = resource("page.js");
        return "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
                + "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'; "
                + "script-src " + hash(uPlot) + " " + hash(draw) + "\">\n"
                + "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
                + element("title", title)
                + "<style>\n" + resource("uplot/uPlot.min.css") + resource("page.css") + "</style>\n</head>\n"
                + "<body>\n<main>\n" + body + "</main>\n"
                + "<script type=\"application/json\" id=\"plots\">" + plotsJson + "</script>\n"
                + "<!-- uPlot: " + escaped(resource("uplot/LICENSE")) + " -->\n"
                + "<script>" + uPlot + "</script>\n<script>" + draw + "</script>\n</body>\n</html>\n";
    }

    private static String hash(String script) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(script.getBytes(StandardCharsets.UTF_8));
            return "'sha256-" + Base64.getEncoder().encodeToString(digest) + "'";
        } catch (NoSuchAlgorithmException missing) {
            throw new IllegalStateException("every Java platform has it", missing);
        }
    }

    private static String resource(String name) {
        try (InputStream in = Page.class.getResourceAsStream(name)) {
            if (in == null) {
                throw new IllegalStateException(name + " is not in the jar");
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException broken) {
            throw new IllegalStateException(name + " cannot be read", broken);
        }
    }

    private static String element(String tag, String text) {
        return "<" + tag + ">" + escaped(text) + "</" + tag + ">\n";
    }

    /** The text with nothing in it that HTML gives a meaning to, in an element or in a quoted attribute. */
    private static String escaped(String text) {
        return text.replace("&", "&amp;")
                .replace("<", "&lt;")
                .replace(">", "&gt;")
                .replace("\"", "&quot;")
                .replace("'", "&#39;")
                .replaceAll("[\\p{Cc}&&[^\\n\\t]]", "\ufffd");
    }
}
