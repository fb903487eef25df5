package io.trafilo.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.function.BooleanSupplier;
import jdk.jfr.Recording;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordingFile;

/**
 * The pauses of this process for its garbage collector, of every kind, as Flight Recorder sees them. The collectors' beans leave
 * some out and count others that are none, differently from one JDK to the next.
 */
final class GcPauses implements AutoCloseable {
    private static final String PAUSE = "jdk.GCPhasePause";

    private static final Millis UNKNOWN = new Millis(Double.NaN, Double.NaN);

    private final Recording recording = new Recording();
    private final BooleanSupplier ending;

    /** Pauses of a time, in milliseconds; NaN where unknown. */
    record Millis(double longest, double total) {}

    /**
     * Sees them from now on; takes a moment.
     *
     * @param ending whether the JVM shuts down: Flight Recorder then throws away what it saw
     */
    GcPauses(BooleanSupplier ending) {
        this.ending = ending;
        recording.enable(PAUSE).withThreshold(Duration.ZERO).withoutStackTrace();
        recording.start();
    }

    Millis between(Instant from, Instant to) {
        if (ending.getAsBoolean()) {
            return UNKNOWN;
        }
        try {
            return read(from, to);
        } catch (IOException noRoom) {
            throw new UncheckedIOException("a temporary file for the pauses of the collector", noRoom);
        }
    }

    private Millis read(Instant from, Instant to) throws IOException {
        Path file = Files.createTempFile("trafilo-pauses", ".jfr");
        try {
            recording.dump(file);
            double longest = 0;
            double total = 0;
            for (RecordedEvent pause : RecordingFile.readAllEvents(file)) {
                if (!pause.getStartTime().isBefore(from) && pause.getStartTime().isBefore(to)) {
                    double millis = pause.getDuration().toNanos() / 1e6;
                    longest = Math.max(longest, millis);
                    total += millis;
                }
            }
            return new Millis(longest, total);
        } finally {
            Files.deleteIfExists(file);
        }
    }

    @Override
    public void close() {
        recording.close();
    }
}
