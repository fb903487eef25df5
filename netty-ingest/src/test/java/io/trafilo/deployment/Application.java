package io.trafilo.deployment;

import io.netty.channel.epoll.Epoll;
import io.trafilo.Trafilo;
import io.trafilo.netty.Transport;
import io.trafilo.netty.UdpListener;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.CodeSource;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/** An application that is built apart from this project, with what Maven gives to those who depend on the listener. */
final class Application {
    static final String MAIN = "app.Main";
    static final String NATIVE_MODULE = "io.netty.transport.epoll.linux."
            + (System.getProperty("os.arch").equals("aarch64") ? "aarch_64" : "x86_64");

    /** As the guide tells the author of a module. */
    private static final String MODULE = """
            module app {
                requires io.trafilo.netty;
            }
            """;

    private static final String PROGRAM = """
            package app;

            import io.trafilo.Counter;
            import io.trafilo.Trafilo;
            import io.trafilo.netty.UdpListener;
            import java.net.DatagramPacket;
            import java.net.DatagramSocket;
            import java.nio.charset.StandardCharsets;

            /** Sends itself datagrams, and prints what came of them. */
            public final class Main {
                private Main() {}

                /**
                 * Runs the program.
                 *
                 * @param args none
                 * @throws Exception if anything fails
                 */
                public static void main(String[] args) throws Exception {
                    Trafilo<long[]> engine = Trafilo.<long[]>builder()
                            .state(key -> new long[1])
                            .handler((event, count) -> count[0]++)
                            .errorListener((stage, key, error) -> error.printStackTrace())
                            .build();
                    try (engine; DatagramSocket sender = new DatagramSocket()) {
                        engine.start();
                        UdpListener listener =
                                UdpListener.builder(engine).bind("127.0.0.1", 0).start();
                        System.out.println("transport: " + listener.transport());
                        byte[] message = "svc7 hello".getBytes(StandardCharsets.UTF_8);
                        for (int i = 0; i < 3; i++) {
                            sender.send(new DatagramPacket(message, message.length, listener.address()));
                        }
                        while (engine.ledger().count(Counter.HANDLED) < 3) {
                            Thread.onSpinWait();
                        }
                    }
                    System.out.println("conserved: " + engine.ledger().isConserved());
                }
            }
            """;

    private final Path directory;
    final Path classes;

    Application(Path directory) throws IOException {
        this.directory = directory;
        this.classes = Files.createDirectories(directory.resolve("classes"));
    }

    /** The engine, the listener, and what Maven adds for an application that depends on them. */
    static List<Path> dependencies() throws IOException {
        List<Path> all = new ArrayList<>();
        all.add(placeOf(UdpListener.class));
        all.add(placeOf(Trafilo.class));
        String others = Files.readString(Path.of("target", "user-class-path.txt"));
        Pattern.compile(File.pathSeparator, Pattern.LITERAL)
                .splitAsStream(others.strip())
                .map(Path::of)
                .filter(each -> !all.contains(each))
                .forEach(all::add);
        return all;
    }

    static Path placeOf(Class<?> type) {
        CodeSource source = type.getProtectionDomain().getCodeSource();
        return Path.of(source.getLocation().getPath());
    }

    static String path(List<Path> entries) {
        return String.join(
                File.pathSeparator, entries.stream().map(Path::toString).toList());
    }

    /** What the program must print, in part. */
    static String[] success() {
        return new String[] {"transport: " + (Epoll.isAvailable() ? Transport.EPOLL : Transport.NIO), "conserved: true"
        };
    }

    /** Compiles a module. Any warning is an error. */
    void compileAsModule(Jdk jdk) throws IOException, InterruptedException {
        compile(jdk, List.of("--module-path", path(dependencies())), List.of("module-info.java", "Main.java"));
    }

    /** Compiles for the class path. Any warning is an error. */
    void compilePlain(Jdk jdk) throws IOException, InterruptedException {
        compile(jdk, List.of("--class-path", path(dependencies())), List.of("Main.java"));
    }

    private void compile(Jdk jdk, List<String> where, List<String> sources) throws IOException, InterruptedException {
        Files.writeString(directory.resolve("module-info.java"), MODULE);
        Files.writeString(directory.resolve("Main.java"), PROGRAM);
        List<String> arguments = new ArrayList<>(where);
        arguments.addAll(List.of("-Xlint:all", "-Werror", "--release", "17", "-d", classes.toString()));
        sources.forEach(each -> arguments.add(directory.resolve(each).toString()));
        jdk.run("javac", arguments);
    }
}
