package io.trafilo.netty;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.trafilo.Counter;
import io.trafilo.Ledger;
import io.trafilo.OverloadPolicy;
import io.trafilo.Trafilo;
import io.trafilo.TrafiloBuilder;
import java.time.Duration;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** An engine whose handler can be held at a gate, with what a listener test wants to know of it. */
final class TestEngine implements AutoCloseable {
    static final Duration PATIENCE = Duration.ofSeconds(30);

    final Trafilo<Void> engine;
    final Queue<Throwable> errors = new ConcurrentLinkedQueue<>();
    private final CountDownLatch gate = new CountDownLatch(1);
    private volatile boolean gateOpen = true;

    TestEngine(UnaryOperator<TrafiloBuilder<Void>> settings) {
        TrafiloBuilder<Void> builder = Trafilo.<Void>builder()
                .handler((event, none) -> pass())
                .errorListener((stage, key, error) -> errors.add(error))
                .workers(1)
                .stallTimeout(Duration.ofMinutes(10)) // what waits at the gate is meant to
                .closeTimeout(Duration.ofSeconds(5));
        engine = settings.apply(builder).build();
        engine.start();
    }

    static TestEngine open() {
        return new TestEngine(builder -> builder);
    }

    /** A ring of few slots, whose worker waits at the gate after its first message. */
    static TestEngine gated(OverloadPolicy policy) {
        return gated(policy, 8, builder -> builder);
    }

    static TestEngine gated(OverloadPolicy policy, int ringCapacity, UnaryOperator<TrafiloBuilder<Void>> settings) {
        TestEngine engine = new TestEngine(builder -> settings.apply(builder)
                .ringCapacity(ringCapacity)
                .maxClaim(1)
                .overloadPolicy(policy)
                .closeTimeout(Duration.ofSeconds(2)));
        engine.gateOpen = false;
        return engine;
    }

    private void pass() {
        if (!gateOpen) {
            try {
                gate.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }

    void openGate() {
        gateOpen = true;
        gate.countDown();
    }

    /** With a receive buffer that an untuned Linux grants; it holds some 500 small datagrams. */
    UdpListenerBuilder listener(@Nullable Transport transport) {
        return transport == null ? listener() : listener().transport(transport);
    }

    /** The same with the default transport. */
    UdpListenerBuilder listener() {
        return UdpListener.builder(engine).bind("127.0.0.1", 0).receiveBufferBytes(200_000);
    }

    Ledger ledger() {
        return engine.ledger();
    }

    /** Waits until every datagram sent is either received or dropped by the kernel. */
    void awaitAccountedFor(long sent) {
        await().atMost(PATIENCE).pollInterval(Duration.ofMillis(5)).until(() -> accountedFor() == sent);
    }

    long accountedFor() {
        Ledger ledger = ledger();
        return ledger.count(Counter.RECEIVED) + ledger.count(Counter.KERNEL_DROPPED);
    }

    void awaitRingFull() {
        await().atMost(PATIENCE)
                .until(() -> engine.ringFill() >= engine.settings().ringCapacity());
    }

    /** Closes the engine and checks that its sums close and add up to what was sent. */
    Ledger closeAndCheck(long sent) {
        engine.close();
        Ledger ledger = ledger();
        assertThat(ledger.imbalances()).isEmpty();
        assertThat(ledger.count(Counter.RECEIVED) + ledger.count(Counter.KERNEL_DROPPED))
                .as("%s", ledger)
                .isEqualTo(sent);
        return ledger;
    }

    /** Closes the listener first. */
    Ledger closeAndCheck(UdpListener listener, long sent) {
        listener.close();
        assertThat(accountedFor()).isEqualTo(sent);
        return closeAndCheck(sent);
    }

    /** The threads of listeners that are alive. */
    static List<String> listenerThreads() {
        return Thread.getAllStackTraces().keySet().stream()
                .map(Thread::getName)
                .filter(name -> name.contains("-udp-"))
                .sorted()
                .toList();
    }

    @Override
    public void close() {
        openGate();
        engine.close();
    }
}
