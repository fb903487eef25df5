package io.trafilo.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class ProcTest {
    private static final String HEADER =
            "   sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode ref pointer drops";

    @Test
    void shouldAddUpTheSocketsBoundToAPort() {
        List<String> table = List.of(
                HEADER,
                "12868: 0100007F:6DDD 00000000:0000 07 00000000:00000300 00:00000000 00000000     0        0 881122 2 0000 17",
                "12869: 0100007F:6DDD 00000000:0000 07 00000000:0001F000 00:00000000 00000000     0        0 881123 2 0000 3",
                // another port, and one that sends to it
                "12870: 0100007F:16DD 00000000:0000 07 00000000:00000300 00:00000000 00000000     0        0 881124 2 0000 99",
                "12871: 0100007F:A1B2 0100007F:6DDD 01 00000500:00000000 00:00000000 00000000     0        0 881125 2 0000 88");
        assertThat(Proc.UdpSockets.in(table, 0x6ddd)).isEqualTo(new Proc.UdpSockets(2, 0x1f300, 20));
        assertThat(Proc.UdpSockets.in(table, 0x6dde)).isEqualTo(new Proc.UdpSockets(0, 0, 0));
    }
}
