package io.trafilo.netty;

import io.netty.channel.epoll.Epoll;
import io.netty.util.Version;
import java.util.Locale;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Says what is wrong with the Netty that the program brings along, and what to do about it. */
final class NettyCheck {
    private static final String NEW_IN_4_2 = "io.netty.channel.MultiThreadIoEventLoopGroup";

    private NettyCheck() {}

    /** Refuses Netty 4.1, before it fails with a class that is not there. */
    static void requireNetty42() {
        requireClass(NEW_IN_4_2);
    }

    static void requireClass(String name) {
        try {
            Class.forName(name, false, NettyCheck.class.getClassLoader());
        } catch (ClassNotFoundException older) {
            throw new ListenerException(
                    "netty: " + versions()
                            + " (expected: 4.2 for all artifacts of io.netty; a bill of materials may have chosen"
                            + " 4.1: set its Netty version to 4.2)",
                    older);
        }
    }

    private static String versions() {
        String found = Version.identify().values().stream()
                .map(version -> version.artifactId() + " " + version.artifactVersion())
                .sorted()
                .collect(Collectors.joining(", "));
        return found.isEmpty() ? "of an unknown version" : found;
    }

    /** Whether epoll is missing although the program could have it. */
    static boolean isEpollExpected(Throwable missing) {
        return isLinux() && !texts(missing).contains("noNative");
    }

    private static boolean isLinux() {
        return System.getProperty("os.name", "").toLowerCase(Locale.ROOT).contains("linux");
    }

    /** What to do about an epoll that is missing. */
    static String epollRemedy(Throwable missing) {
        return epollRemedy(missing, Epoll.class.getName());
    }

    static String epollRemedy(Throwable missing, String className) {
        String texts = texts(missing);
        String architecture = architecture();
        String library = "netty_transport_native_epoll_" + architecture;
        // not a literal, which a tool that relocates Netty would relocate, too
        String prefix = className.substring(0, Math.max(0, className.indexOf("io!netty!".replace('!', '.'))));
        if (texts.contains("failed to map segment")) {
            return "a directory for the native library that is not mounted noexec: -Dio.netty.native.workdir=DIR";
        }
        if (missing instanceof LinkageError && !(missing instanceof UnsatisfiedLinkError)) {
            return "netty-transport-native-epoll in the version of the other Netty artifacts, which is 4.2";
        }
        if (!prefix.isEmpty()) {
            return "META-INF/native/lib" + prefix.replace("_", "_1").replace('.', '_') + library
                    + ".so, since Netty is relocated: rename lib" + library + ".so";
        }
        return "netty-transport-native-epoll with classifier linux-" + architecture
                + " on the class path; on the module"
                + " path, and in an image of jlink, --add-modules io.netty.transport.epoll.linux." + architecture;
    }

    private static String architecture() {
        String arch = System.getProperty("os.arch", "");
        return arch.equals("aarch64") ? "aarch_64" : arch.equals("amd64") ? "x86_64" : arch;
    }

    /** Of the error, its causes, and the attempts before it. */
    private static String texts(@Nullable Throwable error) {
        if (error == null) {
            return "";
        }
        StringBuilder all = new StringBuilder(error.toString()).append('\n').append(texts(error.getCause()));
        for (Throwable attempt : error.getSuppressed()) {
            all.append(texts(attempt));
        }
        return all.toString();
    }
}
