package io.trafilo.bench.report;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;

/**
 * A page of HTML with all that it needs inside: a report as JSON, and the script that makes tables and plots of it. The browser may
 * load nothing, and runs no other script.
 */
public final class Page {
    private Page() {}

    /** The page, given its report as JSON in which no text ends a script. */
    public static String html(String title, String report) {
        String uPlot = resource("uplot/uPlot.iife.min.js");
        String draw = resource("page.js");
        return """
                <!DOCTYPE html>
                <html lang="en">
                <head>
                <meta charset="utf-8">
                <meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; script-src %s %s">
                <meta name="viewport" content="width=device-width, initial-scale=1">
                <title>%s</title>
                <style>
                %s%s</style>
                </head>
                <body>
                <noscript>This page makes its tables and plots with JavaScript. It needs no network.</noscript>
                <main></main>
                <script type="application/json" id="report">%s</script>
                <!-- uPlot: %s -->
                <script>%s</script>
                <script>%s</script>
                </body>
                </html>
                """.formatted(
                        hash(uPlot),
                        hash(draw),
                        escaped(title),
                        resource("uplot/uPlot.min.css"),
                        resource("page.css"),
                        report,
                        escaped(resource("uplot/LICENSE")),
                        uPlot,
                        draw);
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

    private static String escaped(String text) {
        return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;");
    }
}
