package io.trafilo.netty;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A listener in a process that lacks a right, descriptors or memory. What is expected is in {@link ShortageProgram}. */
@Tag("slow")
@Timeout(120)
class ShortageTest {
    private static final List<String> FEW_DESCRIPTORS = List.of("sh", "-c", "ulimit -n 64; exec \"$@\"", "sh");
    private static final List<String> ALL = List.of();

    @ParameterizedTest
    @ValueSource(strings = {"EPOLL", "default"})
    void shouldSayWhatIsMissingOrDoWithoutWhenThereIsNoEpoll(String transport) throws Exception {
        new ChildJvm(ALL, "-Dio.netty.transport.noNative=true").run(ShortageProgram.class, "epoll", transport);
    }

    @ParameterizedTest
    @EnumSource(names = {"EPOLL", "NIO"})
    void shouldSayWhatIsMissingWhenThePortIsPrivileged(Transport transport) throws Exception {
        new ChildJvm(withoutRightToPorts()).run(ShortageProgram.class, "right", transport);
    }

    /** Root keeps its other rights, such as to read the class path. */
    private static List<String> withoutRightToPorts() throws IOException, InterruptedException {
        try (var lines = Files.newBufferedReader(Path.of("/proc/sys/net/ipv4/ip_unprivileged_port_start"))) {
            Needs.that(Integer.parseInt(lines.readLine()) > 80, "port 80 needs no right here");
        }
        if (!"root".equals(System.getProperty("user.name"))) {
            return ALL;
        }
        List<String> wrapper = List.of("setpriv", "--bounding-set", "-net_bind_service");
        Needs.that(runs(wrapper), "root cannot give up the right to port 80: no setpriv");
        return wrapper;
    }

    private static boolean runs(List<String> wrapper) throws InterruptedException {
        try {
            List<String> command = new ArrayList<>(wrapper);
            command.add("true");
            return new ProcessBuilder(command).start().waitFor() == 0;
        } catch (IOException notThere) {
            return false;
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"EPOLL", "NIO"})
    void shouldStartWholeOrNotAtAllWhenDescriptorsAreUsedUp(Transport transport) throws Exception {
        new ChildJvm(FEW_DESCRIPTORS).run(ShortageProgram.class, "descriptors", transport);
    }

    @ParameterizedTest
    @EnumSource(names = {"EPOLL", "NIO"})
    void shouldCountEveryDropWhenDescriptorsAreUsedUpLater(Transport transport) throws Exception {
        new ChildJvm(FEW_DESCRIPTORS).run(ShortageProgram.class, "descriptorsLater", transport);
    }

    @ParameterizedTest
    @EnumSource(names = {"EPOLL", "NIO"})
    void shouldSayWhatIsMissingWhenThereIsNoDirectMemory(Transport transport) throws Exception {
        new ChildJvm(ALL, "-Dio.netty.maxDirectMemory=1024").run(ShortageProgram.class, "memory", transport);
    }

    /** So little that Netty's own classes cannot be set up, which is no lack of epoll. */
    @ParameterizedTest
    @EnumSource
    void shouldSayWhatIsMissingWhenThereIsNotEvenMemoryForNetty(Transport transport) throws Exception {
        new ChildJvm(ALL, "-XX:MaxDirectMemorySize=1k").run(ShortageProgram.class, "noMemory", transport);
    }

    @ParameterizedTest
    @EnumSource(names = {"EPOLL", "NIO"})
    void shouldGoOnWhenDirectMemoryIsUsedUpAndComesBack(Transport transport) throws Exception {
        new ChildJvm(ALL, "-Dio.netty.maxDirectMemory=6000000").run(ShortageProgram.class, "memoryLater", transport);
    }
}
