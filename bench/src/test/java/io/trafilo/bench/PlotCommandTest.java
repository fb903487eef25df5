package io.trafilo.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class PlotCommandTest {
    private static final int TRAFILO = 0xFF0072B2;
    private static final int PLAIN = 0xFFD55E00;

    private final TestConsole console = new TestConsole();

    @TempDir
    Path directory;

    @Test
    void shouldDrawALineForEachColumnWhenTheTableIsGood() throws IOException {
        BufferedImage image = plot(List.of("# title: t", "# unit: us", "keys,Trafilo,plain", "1,2,1", "1000,3,1"));

        assertThat(image.getWidth()).isGreaterThan(1_000);
        assertThat(count(image, TRAFILO)).isGreaterThan(1_000);
        assertThat(count(image, PLAIN)).isGreaterThan(1_000);
    }

    @Test
    void shouldNameFileAndLineWhenTheTableIsBad() throws IOException {
        Path table = Files.write(directory.resolve("bad.csv"), List.of("# title: t", "# unit: us", "x,y", "1,none"));
        Path png = directory.resolve("bad.png");

        assertThat(console.run("plot", table.toString(), png.toString())).isEqualTo(1);
        assertThat(console.err())
                .contains("bad.csv: line 4: 'none' (expected: a number)")
                .doesNotContain("\tat ");
        assertThat(png).doesNotExist();
    }

    static Stream<Path> tablesOfTheDocuments() throws IOException {
        try (Stream<Path> files = Files.list(Path.of("../docs/data"))) {
            return files.filter(file -> file.toString().endsWith(".csv")).sorted().toList().stream();
        }
    }

    @ParameterizedTest
    @MethodSource("tablesOfTheDocuments")
    void shouldHaveItsPlotWhenATableIsInTheDocuments(Path table) throws IOException {
        String name = table.getFileName().toString().replace(".csv", ".png");

        assertThat(Path.of("../docs/images", name)).isNotEmptyFile();
        assertThat(count(plot(Files.readAllLines(table)), TRAFILO)).isGreaterThan(1_000);
    }

    private BufferedImage plot(List<String> lines) throws IOException {
        Path table = Files.write(directory.resolve("table.csv"), lines);
        Path png = directory.resolve("plot.png");
        assertThat(console.run("plot", table.toString(), png.toString()))
                .as(console.err())
                .isZero();
        return ImageIO.read(png.toFile());
    }

    private static long count(BufferedImage image, int colour) {
        long count = 0;
        for (int y = 0; y < image.getHeight(); y++) {
            for (int x = 0; x < image.getWidth(); x++) {
                count += image.getRGB(x, y) == colour ? 1 : 0;
            }
        }
        return count;
    }
}
