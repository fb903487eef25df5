package io.trafilo.bench;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * A program of others.
 *
 * @param program its name on the path
 * @param versionArgument what makes it tell its version; empty for a package of node, which has a file that does
 * @param installation how to get it
 */
record PeerSoftware(String program, String versionArgument, String installation) {
    /** Where servers are, and not every user's path leads. */
    private static final List<String> SERVERS = List.of("/usr/local/sbin", "/usr/sbin", "/sbin");

    private static final Pattern VERSION = Pattern.compile("\\b[vV]?(\\d+(?:\\.\\d+)+)");
    private static final long PATIENCE_SECONDS = 10;

    static PeerSoftware ofDebian(String program, String versionArgument, String packageName) {
        return new PeerSoftware(
                program, versionArgument, "on Debian: apt-get install --no-install-recommends " + packageName);
    }

    /** Looks in the directories of a path, then where servers are. */
    Optional<Path> find(String path) {
        return Stream.concat(Stream.of(path.split(File.pathSeparator, -1)), SERVERS.stream())
                .filter(directory -> !directory.isEmpty())
                .map(directory -> Path.of(directory, program))
                .filter(Files::isExecutable)
                .filter(Files::isRegularFile)
                .findFirst();
    }

    /** The version of the program that was found; "unknown" if it does not tell. */
    String version(Path found) throws IOException, InterruptedException {
        if (versionArgument.isEmpty()) {
            Path described = found.toRealPath().resolveSibling("../package.json");
            return Files.exists(described) ? versionOf("\"version\":", Files.readString(described)) : "unknown";
        }
        Process process = new ProcessBuilder(found.toString(), versionArgument)
                .redirectErrorStream(true)
                .redirectInput(ProcessBuilder.Redirect.from(new File("/dev/null")))
                .start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (!process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
            process.destroyForcibly();
        }
        return versionOf(program, said);
    }

    /** The first version on a line that begins with a name. */
    static String versionOf(String name, String text) {
        return text.lines()
                .map(String::strip)
                .filter(line -> line.startsWith(name))
                .map(VERSION::matcher)
                .filter(Matcher::find)
                .map(found -> found.group(1))
                .findFirst()
                .orElse("unknown");
    }
}
