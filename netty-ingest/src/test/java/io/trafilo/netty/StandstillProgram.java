package io.trafilo.netty;

import io.trafilo.EventParser;
import io.trafilo.Trafilo;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;

/** A service that {@link StandstillFaultTest} stops for a while. Arguments: the window's seconds, run to completion. */
final class StandstillProgram {
    private StandstillProgram() {}

    /**
     * Prints the port, waits for a byte on standard input, and prints how many states were created and how many windows were
     * empty by then.
     */
    public static void main(String[] arguments) throws IOException {
        AtomicInteger states = new AtomicInteger();
        AtomicInteger emptyWindows = new AtomicInteger();
        Trafilo<Integer> engine = Trafilo.<Integer>builder()
                .parser(EventParser.firstToken())
                .state(key -> states.incrementAndGet())
                .sink((window, state) -> {
                    if (window.count() == 0) {
                        emptyWindows.incrementAndGet();
                    }
                })
                .window(Duration.ofSeconds(Long.parseLong(arguments[0])))
                .slide(Duration.ofSeconds(1))
                .idleTimeout(Duration.ofSeconds(3))
                .build();
        engine.start();
        UdpListener listener = UdpListener.builder(engine)
                .bind("127.0.0.1", 0)
                .runToCompletion(Boolean.parseBoolean(arguments[1]))
                .start();
        System.out.println(listener.address().getPort());
        int unused = System.in.read();
        System.out.println(states + " " + emptyWindows);
        listener.close();
        engine.close();
    }
}
