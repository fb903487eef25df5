package io.trafilo.bench;

import java.io.IOException;
import java.io.InputStream;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Where one run of a peer has its files and ports: a temporary directory, a port for datagrams, and another for whatever else it
 * opens. Closing deletes the directory.
 */
record PeerPlace(Path directory, int port, int secondPort) implements AutoCloseable {
    private static final Pattern VARIABLE = Pattern.compile("\\$\\{(\\w+)}");

    static PeerPlace create() throws IOException {
        InetAddress loopback = InetAddress.getLoopbackAddress();
        try (DatagramSocket datagrams = new DatagramSocket(0, loopback);
                ServerSocket connections = new ServerSocket(0, 1, loopback)) {
            Path directory = Files.createTempDirectory("trafilo-peers");
            return new PeerPlace(directory, datagrams.getLocalPort(), connections.getLocalPort());
        }
    }

    Path configuration() {
        return directory.resolve("configuration");
    }

    /** What it says on standard output and standard error. */
    Path output() {
        return directory.resolve("output");
    }

    /** What the engine has counted. */
    Path ledger() {
        return directory.resolve("ledger.json");
    }

    /** Replaces each {@code ${name}}. */
    String fill(String template) {
        Map<String, String> values = Map.of(
                "directory", directory.toString(),
                "configuration", configuration().toString(),
                "port", Integer.toString(port),
                "secondPort", Integer.toString(secondPort),
                "user", System.getProperty("user.name"));
        return VARIABLE.matcher(template).replaceAll(found -> {
            String value = values.get(found.group(1));
            if (value == null) {
                throw new IllegalArgumentException(found.group() + " (expected: one of " + values.keySet() + ")");
            }
            return Matcher.quoteReplacement(value);
        });
    }

    /** Writes the configuration that is kept for a peer of others. */
    void configure(Peer peer) throws IOException {
        String resource = "peers/" + peer + ".conf";
        try (InputStream in = PeerPlace.class.getResourceAsStream(resource)) {
            if (in == null) {
                throw new IllegalStateException("no " + resource);
            }
            Files.writeString(configuration(), fill(new String(in.readAllBytes(), StandardCharsets.UTF_8)));
        }
        // netdata makes none of its own
        for (String name : List.of("cache", "lib", "log", "lock", "plugins")) {
            Files.createDirectory(directory.resolve(name));
        }
    }

    @Override
    public void close() throws IOException {
        try (Stream<Path> files = Files.walk(directory)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(file);
            }
        }
    }
}
