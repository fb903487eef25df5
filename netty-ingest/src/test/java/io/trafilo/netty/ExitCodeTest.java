package io.trafilo.netty;

import static org.assertj.core.api.Assertions.assertThat;

import io.trafilo.Trafilo;
import io.trafilo.samples.SlowRequests;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The code that a program ends with which is nothing but an engine, written as the README shows. */
@Timeout(120)
class ExitCodeTest {
    /** Sends itself a datagram at which its engine fails, or shuts down. */
    static final class Program {
        public static void main(String[] arguments) throws Exception {
            boolean fails = arguments[0].equals("fail");
            Trafilo<?>[] self = new Trafilo<?>[1];
            Trafilo<Void> engine = Trafilo.<Void>builder()
                    .handler((event, none) -> {
                        if (fails) {
                            throw new OutOfMemoryError("on purpose");
                        }
                        self[0].shutdown();
                    })
                    .build();
            self[0] = engine;
            engine.start();
            try (UdpListener listener =
                            UdpListener.builder(engine).bind("127.0.0.1", 0).start();
                    DatagramSocket sender = new DatagramSocket()) {
                sender.send(new DatagramPacket(new byte[] {'k', ' '}, 2, listener.address()));
                engine.run();
            }
        }
    }

    @Test
    void shouldBeOneWhenTheEngineFailed() throws Exception {
        String printed = new ChildJvm(List.of()).run(1, Program.class, "fail");
        assertThat(printed)
                .contains("engine stopped: java.lang.OutOfMemoryError: on purpose, thrown at HANDLER, key 'k'")
                .contains("EngineFailedException: engine trafilo stopped: java.lang.OutOfMemoryError: on purpose");
    }

    /** The README's program, started twice. */
    @Test
    void shouldBeOneWhenThePortOfTheReadmesProgramIsTaken() throws Exception {
        try (DatagramSocket owner = new DatagramSocket(0, InetAddress.getLoopbackAddress())) {
            String printed = new ChildJvm(List.of()).run(1, SlowRequests.class, owner.getLocalPort());
            assertThat(printed).contains("bind 127.0.0.1:" + owner.getLocalPort() + ": address already in use");
        }
    }

    @Test
    void shouldBeZeroWhenTheEngineWasShutDown() throws Exception {
        // newer JVMs print a warning of their own about Netty's native library
        assertThat(new ChildJvm(List.of()).run(0, Program.class, "shutdown"))
                .doesNotContain("Exception")
                .doesNotContain("Error")
                .doesNotContain("io.trafilo.failures");
    }
}
