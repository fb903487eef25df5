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

    /** How many datagrams the kernel has dropped at the sockets bound to a port; 0 where it does not tell. */
    static long udpDrops(int port) {
        String suffix = Console.format(":%04X", port);
        long drops = 0;
        for (Path table : UDP_SOCKETS) {
            if (Files.isReadable(table)) {
                try {
                    for (String line : Files.readAllLines(table)) {
                        String[] words = line.trim().split("\\s+", -1);
                        if (words.length > 2 && words[1].endsWith(suffix)) {
                            drops += Long.parseLong(words[words.length - 1]);
                        }
                    }
                } catch (IOException gone) {
                    throw new FailureException("cannot read " + table + ": " + gone.getMessage());
                }
            }
        }
        return drops;
    }
}
