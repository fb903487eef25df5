package io.trafilo.deployment;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What {@code ./mvnw} prints before Maven starts, which is here a script that does nothing. */
@Timeout(120)
class WrapperTest {
    @TempDir
    private Path directory;

    @Test
    void shouldSayThatItBuildsWhenMavenIsSilent() throws Exception {
        assertThat(mvnw("-q", "-Pload"))
                .matches("(?s)mvnw: building the engine and the load test, about a minute.*\\nmaven ran -q -Pload\\n");
        assertThat(mvnw("-q", "install", "-DskipTests")).startsWith("mvnw: building the engine, about a minute");
    }

    @Test
    void shouldSayNothingWhenMavenDoes() throws Exception {
        assertThat(mvnw("-Pload")).isEqualTo("maven ran -Pload\n");
        assertThat(mvnw("verify")).isEqualTo("maven ran verify\n");
        assertThat(mvnw("-q", "-N", "spotless:apply")).isEqualTo("maven ran -q -N spotless:apply\n");
    }

    private String mvnw(String... arguments) throws IOException, InterruptedException {
        Path maven = directory.resolve("mvn");
        Files.writeString(maven, """
                #!/bin/sh
                [ "$1" = -v ] && echo "Apache Maven 3.9.9" || echo "maven ran $*"
                """);
        Files.setPosixFilePermissions(maven, PosixFilePermissions.fromString("rwx------"));
        List<String> command = new ArrayList<>(
                List.of(Path.of("").toAbsolutePath().resolveSibling("mvnw").toString()));
        command.addAll(List.of(arguments));
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
        builder.environment().merge("PATH", directory.toString(), (old, first) -> first + File.pathSeparator + old);
        builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
        Process process = builder.start();
        process.getOutputStream().close();
        String printed = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as(printed).isZero();
        return printed;
    }
}
