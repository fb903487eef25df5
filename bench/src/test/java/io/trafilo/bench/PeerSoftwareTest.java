package io.trafilo.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PeerSoftwareTest {
    private final PeerSoftware software = new PeerSoftware("trafilo-test-peer", "-V", "");

    private static Path executable(Path directory, String script) throws Exception {
        Path file = Files.createDirectories(directory).resolve("trafilo-test-peer");
        Files.writeString(file, "#!/bin/sh\n" + script + "\n");
        assertThat(file.toFile().setExecutable(true)).isTrue();
        return file;
    }

    @Test
    void shouldFindTheFirstExecutableOnThePath(@TempDir Path directory) throws Exception {
        Files.createDirectories(directory.resolve("a/trafilo-test-peer"));
        Path second = executable(directory.resolve("b"), "");
        executable(directory.resolve("c"), "");
        String path = directory + "/a" + File.pathSeparator + File.pathSeparator + directory + "/b" + File.pathSeparator
                + directory + "/c";
        assertThat(software.find(path)).contains(second);
        assertThat(software.find(directory + "/a")).isEmpty();
    }

    @Test
    void shouldAskTheProgramForItsVersion(@TempDir Path directory) throws Exception {
        Path program = executable(directory, "echo \"usage 1.2\"; echo \"trafilo-test-peer v7.8.9 of $1\" >&2");
        assertThat(software.version(program)).isEqualTo("7.8.9");
    }

    @Test
    void shouldReadTheVersionOfAPackageOfNode(@TempDir Path directory) throws Exception {
        Path program = executable(directory.resolve("statsd/bin"), "");
        Path link = Files.createSymbolicLink(directory.resolve("link"), program);
        PeerSoftware ofNode = new PeerSoftware("link", "", "");
        assertThat(ofNode.version(link)).isEqualTo("unknown");
        Files.writeString(
                directory.resolve("statsd/package.json"), "{\n  \"name\": \"x\",\n  \"version\": \"0.9.0\"\n}\n");
        assertThat(ofNode.version(link)).isEqualTo("0.9.0");
    }

    @Test
    void shouldFindTheVersionInWhatThePeersSay() {
        assertThat(PeerSoftware.versionOf(
                        "collectd", "Usage: collectd [OPTIONS]\n\n  -h\n\ncollectd 5.12.0, http://collectd.org/\n"))
                .isEqualTo("5.12.0");
        assertThat(PeerSoftware.versionOf("netdata", "netdata v1.37.1\n")).isEqualTo("1.37.1");
        assertThat(PeerSoftware.versionOf(
                        "rsyslogd", "rsyslogd  8.2302.0 (aka 2023.02) compiled with:\n\tPLATFORM: x\n"))
                .isEqualTo("8.2302.0");
        assertThat(PeerSoftware.versionOf("netdata", "")).isEqualTo("unknown");
    }
}
