package io.trafilo.netty;

import io.trafilo.Key;
import io.trafilo.Trafilo;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;

/** What {@link HangingProgramTest} runs: a program whose callbacks do not return, and which closes its engines and ends. */
final class HangingProgram {
    private HangingProgram() {}

    /** Argument: what hangs. */
    public static void main(String[] arguments) throws InterruptedException, IOException {
        switch (arguments[0]) {
            case "handler" -> hangInAHandler();
            case "listener" -> hangOnAListenersThread();
            case "read" -> readEachOther();
            default -> throw new IllegalArgumentException(arguments[0]);
        }
        System.out.println("closed");
    }

    private static void hangInAHandler() throws InterruptedException {
        CountDownLatch inHandler = new CountDownLatch(1);
        try (Trafilo<Integer> engine = startHanging(inHandler)) {
            offer(engine);
            inHandler.await();
        }
    }

    private static void hangOnAListenersThread() throws InterruptedException, IOException {
        CountDownLatch inHandler = new CountDownLatch(1);
        try (Trafilo<Integer> engine = startHanging(inHandler)) {
            UdpListener listener = UdpListener.builder(engine)
                    .bind("127.0.0.1", 0)
                    .runToCompletion(true)
                    .start();
            try (DatagramSocket sender = new DatagramSocket()) {
                sender.send(new DatagramPacket(new byte[] {'k', ' '}, 2, listener.address()));
            }
            inHandler.await();
        }
    }

    private static Trafilo<Integer> startHanging(CountDownLatch inHandler) {
        Trafilo<Integer> engine = Trafilo.<Integer>builder()
                .state(key -> 0)
                .handler((event, state) -> hang(inHandler))
                .closeTimeout(Duration.ofMillis(100))
                .build();
        engine.start();
        return engine;
    }

    /** Not even an interrupt ends it. */
    private static void hang(CountDownLatch inside) {
        inside.countDown();
        while (inside.getCount() == 0) {
            Thread.onSpinWait();
        }
    }

    private static void readEachOther() throws InterruptedException {
        Trafilo<?>[] engines = new Trafilo<?>[2];
        CountDownLatch bothInside = new CountDownLatch(2);
        for (int i = 0; i < 2; i++) {
            int other = 1 - i;
            engines[i] = Trafilo.<Integer>builder()
                    .state(key -> 0)
                    .handler((event, state) -> {
                        bothInside.countDown();
                        while (bothInside.getCount() > 0) {
                            Thread.onSpinWait();
                        }
                        engines[other].read(Key.of("k"), same -> same);
                    })
                    .closeTimeout(Duration.ofMillis(100))
                    .build();
        }
        for (Trafilo<?> engine : engines) {
            engine.start();
            offer(engine);
        }
        bothInside.await();
        for (Trafilo<?> engine : engines) {
            engine.close();
        }
    }

    private static void offer(Trafilo<?> engine) {
        byte[] message = "k 1".getBytes(StandardCharsets.US_ASCII);
        if (!engine.offer(message, 0, message.length)) {
            throw new IllegalStateException("refused");
        }
    }
}
