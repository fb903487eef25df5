package io.trafilo.netty;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** Runs a program of these tests in a JVM of its own, for faults that would befall this one. */
final class ChildJvm {
    private static final long PATIENCE_SECONDS = 60;

    private final List<String> wrapper;
    private final List<String> jvmArguments;

    /** @param wrapper a command that ends by becoming the one appended to it */
    ChildJvm(List<String> wrapper, String... jvmArguments) {
        this.wrapper = wrapper;
        this.jvmArguments = List.of(jvmArguments);
    }

    /** Runs a program, which must end by itself and well. */
    void run(Class<?> program, Object... arguments) throws IOException, InterruptedException {
        run(0, program, arguments);
    }

    /** Runs a program, which must end by itself with this code. Returns what it printed. */
    String run(int exitCode, Class<?> program, Object... arguments) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(wrapper);
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(jvmArguments);
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), program.getName()));
        for (Object argument : arguments) {
            command.add(argument.toString());
        }
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        try {
            process.getOutputStream().close();
            CompletableFuture<String> output = CompletableFuture.supplyAsync(() -> readAll(process.getInputStream()));
            boolean ended = process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS);
            process.destroyForcibly(); // ends its output, too
            String said = output.join();
            assertThat(ended).as(said).isTrue();
            assertThat(process.exitValue()).as(said).isEqualTo(exitCode);
            return said;
        } finally {
            process.destroyForcibly();
        }
    }

    private static String readAll(InputStream stream) {
        try {
            return new String(stream.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
