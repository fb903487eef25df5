package io.trafilo.bench.jmh;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.options.CommandLineOptions;
import org.openjdk.jmh.runner.options.Options;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.VerboseMode;

/** Each benchmark sets up, does for a moment what it is to measure, and finds its own sums right when it is over. */
@Timeout(value = 120, unit = TimeUnit.SECONDS)
class BenchmarksTest {
    private static final Path SOURCES = Path.of("src/main/java/io/trafilo/bench/jmh");

    @Test
    void shouldWorkWhenRunForAMoment() throws Exception {
        Options brief =
                new CommandLineOptions(System.getProperty("trafilo.jmh.brief").split(" "));
        Options inThisJvm = new OptionsBuilder()
                .parent(brief)
                .forks(0)
                .verbosity(VerboseMode.SILENT)
                .build();

        Collection<RunResult> results = new Runner(inThisJvm).run();

        assertThat(classesOf(results)).isEqualTo(benchmarkSources());
    }

    private static Set<String> classesOf(Collection<RunResult> results) {
        return results.stream()
                .map(result -> result.getParams().getBenchmark())
                .map(method -> method.substring(0, method.lastIndexOf('.')))
                .map(name -> name.substring(name.lastIndexOf('.') + 1))
                .collect(Collectors.toSet());
    }

    private static Set<String> benchmarkSources() throws IOException {
        try (Stream<Path> files = Files.list(SOURCES)) {
            return files.map(file -> file.getFileName().toString())
                    .filter(name -> name.endsWith("Benchmark.java"))
                    .map(name -> name.substring(0, name.indexOf('.')))
                    .collect(Collectors.toSet());
        }
    }
}
