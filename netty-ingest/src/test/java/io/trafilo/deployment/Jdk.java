package io.trafilo.deployment;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** A JDK whose programs build and run an application. */
record Jdk(Path home) {
    private static final long PATIENCE_SECONDS = 120;

    /** The one that runs the tests. */
    static Jdk ofTheTests() {
        return new Jdk(Path.of(System.getProperty("java.home")));
    }

    /** The JDK of the tests, and a JDK 25: the one that JAVA_25_HOME names, or one beside it. Says so if there is none. */
    static List<Jdk> all() throws IOException {
        Jdk own = ofTheTests();
        if (own.feature() == 25) {
            return List.of(own);
        }
        Optional<Jdk> other = elsewhere(own);
        if (other.isEmpty()) {
            System.err.println("skipped on JDK 25: none beside the default JDK; set JAVA_25_HOME");
        }
        return Stream.concat(Stream.of(own), other.stream()).toList();
    }

    private static Optional<Jdk> elsewhere(Jdk own) throws IOException {
        String named = System.getenv("JAVA_25_HOME");
        if (named != null) {
            return Optional.of(new Jdk(Path.of(named)));
        }
        try (Stream<Path> neighbours = Files.list(own.home.toRealPath().resolveSibling(""))) {
            return neighbours
                    .filter(each -> each.getFileName().toString().contains("25"))
                    .map(Jdk::new)
                    .filter(jdk -> Files.isExecutable(jdk.home.resolve("bin/javac")) && jdk.feature() == 25)
                    .findFirst();
        }
    }

    int feature() {
        try (Stream<String> lines = Files.lines(home.resolve("release"))) {
            return lines.filter(line -> line.startsWith("JAVA_VERSION="))
                    .map(line -> Runtime.Version.parse(line.substring(line.indexOf('"') + 1, line.lastIndexOf('"'))))
                    .findFirst()
                    .map(Runtime.Version::feature)
                    .orElse(0);
        } catch (IOException noRelease) {
            return 0;
        }
    }

    /** Runs {@code bin/name}, which must end well. Returns what it printed. */
    String run(String name, List<String> arguments) throws IOException, InterruptedException {
        return run(home.resolve("bin").resolve(name), arguments);
    }

    static String run(Path program, List<String> arguments) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>();
        command.add(program.toString());
        command.addAll(arguments);
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        try {
            process.getOutputStream().close();
            String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            assertThat(process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS))
                    .as(said)
                    .isTrue();
            assertThat(process.exitValue()).as("%s%n%s", command, said).isZero();
            return said;
        } finally {
            process.destroyForcibly();
        }
    }

    @Override
    public String toString() {
        return "JDK " + feature();
    }
}
