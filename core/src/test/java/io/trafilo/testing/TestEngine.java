package io.trafilo.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.trafilo.Counter;
import io.trafilo.EngineFailedException;
import io.trafilo.ErrorListener.Stage;
import io.trafilo.Key;
import io.trafilo.Ledger;
import io.trafilo.Trafilo;
import io.trafilo.TrafiloBuilder;
import io.trafilo.WindowResult;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A started engine that keeps all it says, with one worker, one shard and a clock of the test's own. Its states count their
 * events. For one test thread.
 *
 * <p>With one shard, all timers that are due go off under one hold of the lock. So once a window of one key has come, and the
 * lock was free since, every other key's window of that time would have come too: that is how silence is tested without
 * waiting for it.
 */
public final class TestEngine implements AutoCloseable {
    /** When the clock starts. */
    public static final long START_NANOS = 1_700_000_000_000_000_000L;

    public static final Duration WINDOW = Duration.ofSeconds(5);
    public static final Duration SLIDE = Duration.ofSeconds(1);

    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final String BEACON = "beacon";

    /** What the error listener heard. */
    public record Heard(Stage stage, @Nullable Key key, Throwable error) {}

    public final ManualClock clock = new ManualClock(START_NANOS);
    public final List<WindowResult> windows = new CopyOnWriteArrayList<>();
    public final List<Heard> errors = new CopyOnWriteArrayList<>();
    public final List<Key> disposed = new CopyOnWriteArrayList<>();

    private final Trafilo<AtomicLong> engine;

    private TestEngine(Consumer<TrafiloBuilder<AtomicLong>> settings) {
        TrafiloBuilder<AtomicLong> builder = Trafilo.<AtomicLong>builder()
                .parser(new TimedParser())
                .state(key -> new AtomicLong())
                .handler((event, state) -> state.incrementAndGet())
                .sink((window, state) -> windows.add(window.toResult()))
                .disposer((key, state) -> disposed.add(key))
                .errorListener((stage, key, error) -> errors.add(new Heard(stage, key, error)))
                .window(WINDOW)
                .slide(SLIDE)
                .workers(1)
                .shards(1)
                .clock(clock);
        settings.accept(builder);
        engine = builder.build();
    }

    /** An engine with all defaults. */
    public static TestEngine start() {
        return start(builder -> {});
    }

    /** An engine with some settings other than the defaults. */
    public static TestEngine start(Consumer<TrafiloBuilder<AtomicLong>> settings) {
        TestEngine test = build(settings);
        test.engine.start();
        return test;
    }

    /** An engine that is not started. */
    public static TestEngine build(Consumer<TrafiloBuilder<AtomicLong>> settings) {
        return new TestEngine(settings);
    }

    public Trafilo<AtomicLong> engine() {
        return engine;
    }

    public Ledger ledger() {
        return engine.ledger();
    }

    /** Emits messages and does not wait for what becomes of them. */
    public void offer(String... messages) {
        for (String message : messages) {
            byte[] bytes = message.getBytes(StandardCharsets.UTF_8);
            assertThat(engine.offer(bytes, 0, bytes.length)).as("taken").isTrue();
        }
    }

    /** Emits messages and waits until the engine is done with them, callbacks included. */
    public void send(String... messages) {
        offer(messages);
        awaitHandled();
    }

    /** Waits until the engine is done with all messages it has, callbacks included. */
    public void awaitHandled() {
        until(() -> {
            Ledger ledger = engine.ledger();
            return ledger.count(Counter.PARSED) + ledger.count(Counter.PARSE_FAILED) + ledger.count(Counter.MALFORMED)
                    == ledger.count(Counter.PUBLISHED) + ledger.count(Counter.OFFERED);
        });
        until(() -> {
            Ledger ledger = engine.ledger();
            return ledger.count(Counter.HANDLED)
                            + ledger.count(Counter.HANDLER_FAILED)
                            + ledger.count(Counter.KEY_REFUSED)
                    == ledger.count(Counter.EVENTS);
        });
        awaitLock();
    }

    /** Waits until no worker holds the shard's lock. */
    public void awaitLock() {
        engine.forEachKey((key, state) -> {});
    }

    /** Waits for a condition, for a bounded time. */
    public static void until(Callable<Boolean> condition) {
        await().pollDelay(Duration.ZERO)
                .pollInterval(Duration.ofMillis(1))
                .atMost(PATIENCE)
                .until(condition);
    }

    /** The windows of one key so far. */
    public List<WindowResult> windows(String key) {
        return windows.stream().filter(w -> w.key().toString().equals(key)).toList();
    }

    /** The counts of one key's windows so far. */
    public List<Long> counts(String key) {
        return windows(key).stream().map(WindowResult::count).toList();
    }

    /** The last window of one key. */
    public WindowResult lastWindow(String key) {
        List<WindowResult> all = windows(key);
        return all.get(all.size() - 1);
    }

    /** Waits until a key has so many windows, and for the lock. */
    public void awaitWindows(String key, int count) {
        until(() -> windows(key).size() >= count);
        awaitLock();
    }

    /** Whether the key has a state. */
    public boolean knows(String key) {
        return engine.read(Key.of(key), AtomicLong::get).isPresent();
    }

    /**
     * Moves the clock on by slides, one at a time, and makes sure that all timers due by then have gone off. Sends an event
     * of a key of its own for each. Needs a sink, {@code emitWhenQuiet}, and no more than 15 other keys: the timers of more
     * may go off a little later, together.
     */
    public void passSlides(int slides, Duration slide) {
        for (int i = 0; i < slides; i++) {
            send(BEACON + " ");
            long toNanos = clock.advance(slide);
            until(() -> windows(BEACON).stream().anyMatch(w -> w.endNanos() == toNanos));
            awaitLock();
        }
    }

    /** Moves the clock on as {@link #passSlides(int, Duration)} does, by the default slide. */
    public void passSlides(int slides) {
        passSlides(slides, SLIDE);
    }

    /** Runs an engine until it is closed; returns what it failed of, empty after an orderly end. */
    public static Optional<Throwable> run(Trafilo<?> engine) throws InterruptedException {
        try {
            engine.run();
            return Optional.empty();
        } catch (EngineFailedException stopped) {
            return Optional.of(stopped.getCause());
        }
    }

    /** Checks that the engine works as ever: one more event of a new key is handled and emitted. */
    public void assertWorks() {
        send("another ");
        assertThat(engine.isRunning()).isTrue();
        assertThat(engine.failure()).isEmpty();
        assertThat(counts("another")).containsExactly(1L);
    }

    @Override
    public void close() {
        engine.close();
    }
}
