package io.trafilo.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** What Linux tells in the files of /proc; nothing, elsewhere. */
final class Proc {
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
}
