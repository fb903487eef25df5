package io.trafilo.bench.report;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A page that shows what load test runs measured: tables, and plots as PNG files beside it and inside it. */
public final class ReportPage {
    private static final String NO_FONTS =
            "Java finds no fonts on this machine, and plots need one: install fontconfig and a"
                    + " font, on Debian and Ubuntu with 'apt-get install fontconfig fonts-dejavu-core'";

    private ReportPage() {}

    /**
     * Writes {@code index.html} and the PNG files into the directory, which is created. Plots that an earlier report left there
     * are replaced, or deleted where this report has none of the kind. Needs no display.
     *
     * @param directory where to
     * @param head what stands above
     * @param runs at least one
     * @param ratios of the figures of the first label to those of the last, by what each figure is, formatted by the caller; empty
     *     where nothing is compared
     * @throws IOException if a file cannot be written; and if the machine has no fonts to draw plots with, after the page has
     *     been written without them
     */
    public static void write(Path directory, ReportHead head, List<ReportRun> runs, Map<String, String> ratios)
            throws IOException {
        Canvas.goHeadless();
        write(directory, new PageText(head, List.copyOf(runs), ratios), Canvas::tryFonts);
    }

    static void write(Path directory, PageText page, Runnable fontTrial) throws IOException {
        Files.createDirectories(directory);
        for (String name : Plots.FILE_NAMES) {
            Files.deleteIfExists(directory.resolve(name));
        }
        Path index = directory.resolve("index.html");
        Throwable noFonts = failureOf(fontTrial);
        if (noFonts != null) {
            writeText(index, page.html(List.of(), NO_FONTS + "."));
            throw new IOException(NO_FONTS + " (written without plots: " + index + ")", noFonts);
        }
        List<Plot> plots = Plots.of(page.runs());
        for (Plot plot : plots) {
            Files.write(directory.resolve(plot.fileName()), plot.canvas().png());
        }
        writeText(index, page.html(plots, ""));
    }

    private static @Nullable Throwable failureOf(Runnable fontTrial) {
        try {
            fontTrial.run();
            return null;
        } catch (RuntimeException | LinkageError | InternalError e) {
            // what AWT throws without fonts depends on which library or setting is missing
            return e;
        }
    }

    private static void writeText(Path file, String text) throws IOException {
        // not Files.writeString, which refuses halves of surrogate pairs
        Files.write(file, text.getBytes(StandardCharsets.UTF_8));
    }
}
