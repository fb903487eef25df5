package io.trafilo.bench;

import java.io.File;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** A peer that runs, in the foreground, as a child of this process. Closing ends it and its children, and no others. */
final class PeerProcess implements AutoCloseable {
    private static final long END_SECONDS = 20;
    private static final int LAST_LINES = 5;

    private final Peer peer;
    private final PeerPlace place;
    private final Process process;

    private PeerProcess(Peer peer, PeerPlace place, Process process) {
        this.peer = peer;
        this.place = place;
        this.process = process;
    }

    static PeerProcess start(Peer.Program program, PeerPlace place) throws IOException {
        Peer peer = program.peer();
        List<String> command = new ArrayList<>();
        if (peer.isEngine()) {
            command.addAll(listen(place));
        } else {
            place.configure(peer);
            command.add(program.path().toString());
        }
        peer.arguments().forEach(argument -> command.add(place.fill(argument)));
        Process process = new ProcessBuilder(command)
                .directory(place.directory().toFile())
                .redirectErrorStream(true)
                .redirectInput(new File("/dev/null"))
                .redirectOutput(place.output().toFile())
                .start();
        return new PeerProcess(peer, place, process);
    }

    /** The engine as a user runs it, with the options of this JVM; its windows are written as JSON. */
    private static List<String> listen(PeerPlace place) {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(ManagementFactory.getRuntimeMXBean().getInputArguments());
        Stream<String> classPath =
                Stream.of(System.getProperty("java.class.path").split(File.pathSeparator, -1));
        command.add("-cp");
        command.add(String.join(
                File.pathSeparator,
                classPath.map(part -> Path.of(part).toAbsolutePath().toString()).toList()));
        command.addAll(List.of(Main.class.getName(), "listen", "--format=statsd", "--window=10s", "--slide=10s"));
        command.addAll(List.of("--json", "--port=" + place.port(), "--ledger=" + place.ledger()));
        return command;
    }

    /** What the kernel knows of its socket. */
    Proc.UdpSockets sockets() {
        return Proc.udpSockets(place.port());
    }

    /**
     * Whether its socket is open.
     *
     * @throws FailureException with the last it said, if it has ended
     */
    boolean listens() throws IOException {
        if (!process.isAlive()) {
            List<String> said = Files.readAllLines(place.output());
            String last = String.join("; ", said.subList(Math.max(0, said.size() - LAST_LINES), said.size()));
            throw new FailureException(peer + " ended with " + process.exitValue() + ": " + last);
        }
        return sockets().count() > 0;
    }

    /** Processor time of all its threads and children since it started, in the kernel and outside. */
    Duration cpu() {
        return Stream.concat(Stream.of(process.toHandle()), process.descendants())
                .map(handle -> handle.info().totalCpuDuration().orElse(Duration.ZERO))
                .reduce(Duration.ZERO, Duration::plus);
    }

    /** How many datagrams it says it has handled. */
    long handled() throws IOException {
        return peer.handled(place);
    }

    @Override
    public void close() {
        List<ProcessHandle> children = process.descendants().toList();
        process.destroy();
        try {
            if (!process.waitFor(END_SECONDS, TimeUnit.SECONDS)) {
                process.destroyForcibly().waitFor();
            }
        } catch (InterruptedException hurried) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
        children.forEach(ProcessHandle::destroyForcibly);
    }
}
