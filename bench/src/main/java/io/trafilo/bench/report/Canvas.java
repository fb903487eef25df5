package io.trafilo.bench.report;

import java.awt.Color;
import java.awt.Font;
import java.awt.FontMetrics;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import javax.imageio.ImageIO;
import javax.imageio.stream.MemoryCacheImageOutputStream;
import org.knowm.xchart.internal.chartpart.Chart;

/** An image that charts are painted on, in twice the pixels, for sharp screens. */
final class Canvas {
    static final int WIDTH = 960;

    private static final int SCALE = 2;

    private final BufferedImage image;
    private final Graphics2D graphics;
    private final int height;

    Canvas(int height) {
        this.height = height;
        image = new BufferedImage(SCALE * WIDTH, SCALE * height, BufferedImage.TYPE_INT_RGB);
        graphics = image.createGraphics();
        graphics.scale(SCALE, SCALE);
        graphics.setRenderingHint(RenderingHints.KEY_ANTIALIASING, RenderingHints.VALUE_ANTIALIAS_ON);
        graphics.setRenderingHint(RenderingHints.KEY_TEXT_ANTIALIASING, RenderingHints.VALUE_TEXT_ANTIALIAS_ON);
        graphics.setRenderingHint(RenderingHints.KEY_STROKE_CONTROL, RenderingHints.VALUE_STROKE_PURE);
        graphics.setColor(Color.WHITE);
        graphics.fillRect(0, 0, WIDTH, height);
    }

    /** Makes AWT work without a display. Without effect once AWT is in use, or where the user has chosen. */
    static void goHeadless() {
        if (System.getProperty("java.awt.headless") == null) {
            System.setProperty("java.awt.headless", "true");
        }
    }

    /** Writes a letter and sees whether it took room. Throws what AWT throws, which differs, where there are no fonts. */
    static void tryFonts() {
        Graphics2D graphics = new BufferedImage(1, 1, BufferedImage.TYPE_INT_RGB).createGraphics();
        try {
            FontMetrics metrics = graphics.getFontMetrics(new Font(Font.SANS_SERIF, Font.PLAIN, 12));
            if (metrics.stringWidth("0") <= 0) {
                throw new IllegalStateException("empty letters");
            }
        } finally {
            graphics.dispose();
        }
    }

    void paint(Chart<?, ?> chart, int x, int y, int width, int height) {
        Graphics2D part = (Graphics2D) graphics.create(x, y, width, height);
        try {
            chart.paint(part, width, height);
        } finally {
            part.dispose();
        }
    }

    Graphics2D graphics() {
        return graphics;
    }

    /** A line of text in the middle, for a plot that has nothing to show. */
    void say(String text) {
        graphics.setFont(PlotStyle.font(Font.PLAIN, 16));
        graphics.setColor(PlotStyle.QUIET);
        graphics.drawString(text, (WIDTH - graphics.getFontMetrics().stringWidth(text)) / 2, height / 2);
    }

    int height() {
        return height;
    }

    byte[] png() {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (MemoryCacheImageOutputStream out = new MemoryCacheImageOutputStream(bytes)) {
            if (!ImageIO.write(image, "png", out)) {
                throw new IllegalStateException("this JDK cannot write PNG");
            }
        } catch (IOException e) {
            throw new UncheckedIOException("to memory", e);
        }
        return bytes.toByteArray();
    }
}
