package io.trafilo.bench;

import java.io.BufferedReader;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Model.OptionSpec;

/**
 * A single load run in a JVM of its own, with this one's JVM options: so that no run profits from, or pays for, what another
 * left in the compiler's profiles and in the heap.
 */
final class LoadChild {
    /** The options of a series. A run has not got them, or is given its own. */
    private static final Set<String> OF_SERIES =
            Set.of("--engine", "--vs", "--rounds", "--ramp", "--json", "--rate", "--report");

    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final List<String> common = new ArrayList<>();
    private final Console console;
    private final Progress progress;

    /** @param options those of {@code load}, as they were given */
    LoadChild(List<OptionSpec> options, Console console, Progress progress) {
        this.console = console;
        this.progress = progress;
        for (OptionSpec option : options) {
            if (OF_SERIES.contains(option.longestName())) {
                continue;
            }
            if (option.arity().max() == 0) {
                common.add(option.longestName());
            }
            option.originalStringValues().forEach(value -> common.add(option.longestName() + "=" + value));
        }
    }

    /**
     * Runs and gives the report.
     *
     * @throws SettingException if it refused its settings
     * @throws FailureException if the run failed or its sums do not close
     */
    LoadRun run(LoadEngine engine, long rate) throws IOException, InterruptedException {
        Path json = Files.createTempFile("trafilo-load", ".json");
        try {
            List<String> command = new ArrayList<>();
            command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
            command.addAll(ManagementFactory.getRuntimeMXBean().getInputArguments());
            command.addAll(List.of("-cp", System.getProperty("java.class.path"), Main.class.getName(), "load"));
            command.addAll(common);
            command.addAll(List.of("--engine", engine.label(), "--rate", Long.toString(rate)));
            command.addAll(List.of("--json", json.toString()));
            Process process =
                    new ProcessBuilder(command).redirectErrorStream(true).start();
            List<String> said = new ArrayList<>();
            int exitCode;
            try (StopSignal ender = new StopSignal(PATIENCE, process.toHandle()::destroy); // leaves its output open
                    BufferedReader lines = process.inputReader(StandardCharsets.UTF_8)) {
                for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                    said.add(line);
                    progress.take(engine.label(), line);
                }
                exitCode = process.waitFor();
                progress.end();
                if (ender.isRequested()) {
                    throw new FailureException("stopped");
                }
            }
            if (exitCode != 0) {
                said.forEach(console.err()::println);
                if (exitCode == ExitCode.USAGE) {
                    throw new SettingException(engine.label() + " refused its settings");
                }
                throw new FailureException("ended with " + exitCode + reason(json, said));
            }
            return Json.read(Files.readString(json), LoadRun.class);
        } finally {
            Files.deleteIfExists(json);
        }
    }

    /** Which sums of the run do not close; of a run that came to no report, the last it said. */
    private static String reason(Path json, List<String> said) throws IOException {
        if (Files.size(json) > 0) {
            List<String> broken =
                    Json.read(Files.readString(json), LoadRun.class).report().imbalances();
            return broken.isEmpty() ? "" : ", its sums do not close: " + String.join("; ", broken);
        }
        return said.stream()
                .filter(line -> !line.isBlank())
                .reduce((before, last) -> last)
                .map(last -> ": " + last.strip())
                .orElse("");
    }
}
