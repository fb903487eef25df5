package io.trafilo.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class PeerPlaceTest {
    @ParameterizedTest
    @EnumSource(names = {"COLLECTD", "NETDATA", "STATSD", "RSYSLOG"})
    void shouldConfigureEachPeerToListenOnLoopback(Peer peer) throws Exception {
        Path directory;
        try (PeerPlace place = PeerPlace.create()) {
            directory = place.directory();
            place.configure(peer);
            assertThat(Files.readString(place.configuration()))
                    .contains("127.0.0.1", Integer.toString(place.port()))
                    .doesNotContain("${");
            assertThat(peer.arguments())
                    .allSatisfy(argument -> assertThat(place.fill(argument)).doesNotContain("${"));
        }
        assertThat(directory).doesNotExist();
    }

    @Test
    void shouldRefuseATemplateWithAVariableThatNobodyKnows() throws Exception {
        try (PeerPlace place = PeerPlace.create()) {
            assertThat(place.fill("-f ${configuration}")).isEqualTo("-f " + place.configuration());
            assertThatThrownBy(() -> place.fill("${home}")).hasMessageContaining("${home}");
        }
    }
}
