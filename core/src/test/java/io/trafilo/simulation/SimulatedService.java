package io.trafilo.simulation;

import io.trafilo.EngineFailedException;
import io.trafilo.ErrorListener.Stage;
import io.trafilo.EventHandler;
import io.trafilo.EventParser;
import io.trafilo.Key;
import io.trafilo.StateDisposer;
import io.trafilo.StateFactory;
import io.trafilo.WindowSink;
import io.trafilo.state.Callbacks;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The callbacks of an application, which keep what they were told, fail on purpose, and may take their time. */
final class SimulatedService {
    /** The state of one key. */
    static final class State {
        final String key;
        long events;
        boolean disposed;

        State(String key) {
            this.key = key;
        }
    }

    final List<Said> said = new ArrayList<>();
    final List<Said> history = new ArrayList<>();
    final Map<Stage, Long> heard = new EnumMap<>(Stage.class);
    long listenerFailures;

    /** An error that nobody has thrown on purpose. */
    private @Nullable Throwable unexpected;

    private final Plan plan;
    private final Faults faults;
    private final Runnable meanwhile;

    /** {@code meanwhile} is what may happen while a callback is at work. */
    SimulatedService(Plan plan, Faults faults, Runnable meanwhile) {
        this.plan = plan;
        this.faults = faults;
        this.meanwhile = meanwhile;
    }

    EventParser parser() {
        EventParser parser = plan.dialect().parser();
        return (buffer, offset, length, out) -> {
            byte[] message = Arrays.copyOfRange(buffer, offset, offset + length);
            said.add(new Said.Parsed(Message.textOf(message)));
            parser.parse(buffer, offset, length, plan.hasValues() ? Payloads.withValues(buffer, out) : out);
        };
    }

    Callbacks<State> callbacks() {
        StateFactory<State> factory = key -> {
            said.add(new Said.Created(text(key)));
            failIf(Stage.STATE_FACTORY, text(key));
            return new State(text(key));
        };
        EventHandler<State> handler = (event, state) -> {
            String key = requireState(event.key(), state);
            byte[] payload = new byte[event.payloadLength()];
            event.copyPayload(payload, 0);
            said.add(new Said.Handled(
                    key, Message.textOf(payload), event.timestampNanos(), event.receiptNanos(), event.isLate()));
            state.events++;
            meanwhile.run();
            failIf(Stage.HANDLER, key);
        };
        WindowSink<State> sink = (window, state) -> {
            String key = requireState(window.key(), state);
            if (state.events != window.total() || window.lossDuringWindow() < 0) {
                throw new AssertionError("events of the state: " + state.events + ", window: " + window.toResult());
            }
            said.add(new Said.Window(
                    key,
                    window.count(),
                    window.startNanos(),
                    window.endNanos(),
                    window.oldestNanos(),
                    window.newestNanos(),
                    window.total(),
                    window.isTruncated(),
                    plan.hasValues()
                            ? new Said.Values(window.sum(), window.min(), window.max(), window.weightedCount())
                            : Said.Values.NONE));
            meanwhile.run();
            failIf(Stage.SINK, key);
        };
        StateDisposer<State> disposer = (key, state) -> {
            said.add(new Said.Disposed(requireState(key, state), state.events));
            state.disposed = true;
            failIf(Stage.DISPOSER, text(key));
        };
        return new Callbacks<>(factory, handler, plan.hasSink() ? sink : null, disposer);
    }

    /** Checks that this was said, in this order, and nothing else, since the last time. */
    void requireSaid(List<Said> expected) {
        if (!said.equals(expected)) {
            throw new AssertionError("said:\n" + lines(said) + "\nexpected:\n" + lines(expected));
        }
        forget();
    }

    /** Puts what was said aside. */
    void forget() {
        history.addAll(said);
        said.clear();
    }

    void requireNothingUnexpected() {
        if (unexpected != null) {
            throw new AssertionError("heard of an error that nobody threw on purpose", unexpected);
        }
        if (!said.isEmpty()) {
            throw new AssertionError("said out of turn:\n" + lines(said));
        }
    }

    private static String lines(List<Said> said) {
        return String.join("\n", said.stream().map(one -> "    " + one).toList());
    }

    void onError(Stage stage, @Nullable Key key, Throwable error) {
        heard.merge(stage, 1L, Long::sum);
        Throwable thrown = error instanceof EngineFailedException ? error.getCause() : error;
        if (!isExpected(stage, thrown) && unexpected == null) {
            unexpected = error;
        }
        if (faults.isOneIn(4 * plan.faultOneIn(), 99, stage.name())) {
            listenerFailures++;
            throw new OnPurpose("error listener");
        }
    }

    private static boolean isExpected(Stage stage, Throwable error) {
        return error instanceof OnPurpose
                || (error instanceof VirtualMachineError && "on purpose".equals(error.getMessage()))
                || (stage == Stage.PARSER
                        && (error instanceof NumberFormatException || error instanceof IndexOutOfBoundsException));
    }

    private String requireState(Key key, State state) {
        if (state.disposed || !state.key.equals(text(key))) {
            throw new AssertionError("state of " + state.key + ", disposed " + state.disposed + ", given for " + key);
        }
        return state.key;
    }

    private static String text(Key key) {
        return Message.textOf(key.toBytes());
    }

    private void failIf(Stage stage, String key) {
        if (!faults.fails(stage, key)) {
            return;
        }
        if (stage == Stage.HANDLER && faults.isOneIn(plan.fatalOneIn(), 100, key)) {
            throw new OutOfMemoryError("on purpose");
        }
        if (faults.isOneIn(8, 101, key)) {
            throw new StackOverflowError("on purpose");
        }
        throw new OnPurpose(stage.name());
    }
}
