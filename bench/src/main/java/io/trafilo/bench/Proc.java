package io.trafilo.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** What Linux tells in the files of /proc; nothing, elsewhere. */
final class Proc {
    private static final List<Path> UDP_SOCKETS = List.of(Path.of("/proc/net/udp"), Path.of("/proc/net/udp6"));

    private Proc() {}

    /** The first line of a file that starts so, empty if there is none. */
    static String firstLine(String file, String start) {
        try {
            return Files.readAllLines(Path.of(file)).stream()
                    .filter(line -> line.startsWith(start))
                    .findFirst()
                    .orElse("");
        } catch (IOException notLinux) {
            return "";
        }
    }

    /** The model of the processor, or its architecture. */
    static String processor() {
        String model = firstLine("/proc/cpuinfo", "model name");
        return model.isEmpty()
                ? System.getProperty("os.arch")
                : model.substring(model.indexOf(':') + 1).strip();
    }

    /**
     * The sockets bound to a port.
     *
     * @param count how many there are; 0 where the kernel does not tell
     * @param queuedBytes what waits in them, as the kernel counts memory
     * @param drops datagrams dropped since they were opened
     */
    record UdpSockets(int count, long queuedBytes, long drops) {
        static UdpSockets in(List<String> table, int port) {
            String suffix = Console.format(":%04X", port);
            UdpSockets sockets = new UdpSockets(0, 0, 0);
            for (String line : table) {
                String[] words = line.trim().split("\\s+", -1);
                if (words.length > 4 && words[1].endsWith(suffix)) {
                    String queue = words[4].substring(words[4].indexOf(':') + 1);
                    sockets = sockets.plus(
                            new UdpSockets(1, Long.parseLong(queue, 16), Long.parseLong(words[words.length - 1])));
                }
            }
            return sockets;
        }

        private UdpSockets plus(UdpSockets other) {
            return new UdpSockets(count + other.count, queuedBytes + other.queuedBytes, drops + other.drops);
        }
    }

    /** The sockets bound to a port, of both families. */
    static UdpSockets udpSockets(int port) {
        UdpSockets sockets = new UdpSockets(0, 0, 0);
        for (Path table : UDP_SOCKETS) {
            if (Files.isReadable(table)) {
                try {
                    sockets = sockets.plus(UdpSockets.in(Files.readAllLines(table), port));
                } catch (IOException gone) {
                    throw new FailureException("cannot read " + table + ": " + gone.getMessage());
                }
            }
        }
        return sockets;
    }
}
