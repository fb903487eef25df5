package io.trafilo;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.reflect.Method;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Compares what the guide says of the views with the views. */
class GuideTest {
    private static final Path GUIDE =
            Path.of("").toAbsolutePath().resolveSibling("docs").resolve("guide.md");

    @ParameterizedTest
    @ValueSource(
            classes = {
                EventCollector.class,
                EventDetails.class,
                KeyBuilder.class,
                Sender.class,
                EventView.class,
                WindowView.class
            })
    void shouldSayWhatEachMethodOfAViewIsFor(Class<?> view) throws IOException {
        String guide = Files.readString(GUIDE);
        int heading = guide.indexOf(": `" + view.getSimpleName() + "`\n");
        assertThat(heading).as("a heading for %s", view.getSimpleName()).isPositive();
        String section = guide.substring(heading, guide.indexOf("\n### ", heading));
        for (Method method : view.getDeclaredMethods()) {
            assertThat(section).as(view.getSimpleName()).contains("`" + method.getName() + "(");
        }
    }
}
