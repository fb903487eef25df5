package io.trafilo.netty;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Skips a test, and says why, where something that it needs is missing. With {@code -Dtrafilo.test.mustRun=true} it fails
 * instead.
 */
final class Needs {
    private static final String MUST_RUN = "trafilo.test.mustRun";

    private Needs() {}

    static void that(boolean possible, String orElse) {
        if (!possible) {
            System.err.println("skipped: " + orElse);
        }
        assertThat(possible || !Boolean.getBoolean(MUST_RUN)).as(orElse).isTrue();
        assumeTrue(possible, orElse);
    }

    static void kernelDrops() {
        that(Files.isReadable(Path.of("/proc/net/udp")), "the kernel's drops are not told here: no /proc/net/udp");
    }

    static void epoll() {
        that(NettyTransport.epollUnavailabilityCause() == null, "no epoll here");
    }
}
