package io.trafilo.bench;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
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

    private final List<String> common = new ArrayList<>();
    private final Console console;

    /** @param options those of {@code load}, as they were given */
    LoadChild(List<OptionSpec> options, Console console) {
        this.console = console;
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
        Path log = Files.createTempFile("trafilo-load", ".log");
        try {
            List<String> command = new ArrayList<>();
            command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
            command.addAll(ManagementFactory.getRuntimeMXBean().getInputArguments());
            command.addAll(List.of("-cp", System.getProperty("java.class.path"), Main.class.getName(), "load"));
            command.addAll(common);
            command.addAll(List.of("--engine", engine.label(), "--rate", Long.toString(rate)));
            command.addAll(List.of("--json", json.toString()));
            Process process = new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectOutput(log.toFile())
                    .start();
            Thread ender = new Thread(process::destroy);
            Runtime.getRuntime().addShutdownHook(ender);
            int exitCode = process.waitFor();
            Runtime.getRuntime().removeShutdownHook(ender);
            if (exitCode != 0) {
                console.err().print(Files.readString(log));
                if (exitCode == ExitCode.USAGE) {
                    throw new SettingException(engine.label() + " refused its settings");
                }
                throw new FailureException("ended with " + exitCode + reason(json, log));
            }
            return Json.read(Files.readString(json), LoadRun.class);
        } finally {
            Files.deleteIfExists(json);
            Files.deleteIfExists(log);
        }
    }

    /** Which sums of the run do not close; of a run that came to no report, the last it said. */
    private static String reason(Path json, Path log) throws IOException {
        if (Files.size(json) > 0) {
            List<String> broken =
                    Json.read(Files.readString(json), LoadRun.class).report().imbalances();
            return broken.isEmpty() ? "" : ", its sums do not close: " + String.join("; ", broken);
        }
        List<String> said =
                Files.readString(log).lines().filter(line -> !line.isBlank()).toList();
        return said.isEmpty() ? "" : ": " + said.get(said.size() - 1).strip();
    }
}
