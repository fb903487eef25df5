package io.trafilo;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.LockSupport;

/**
 * An application whose callbacks fail as the messages tell them to, and count for themselves what the engine asked of them.
 *
 * <p>A message: one byte that says how the parser is to fare, the time of sending, then parts of {@value #PART} bytes: what
 * becomes of the part in the parser, the key, what the handler is to do.
 */
final class ChaosService {
    static final int HEADER = 1 + Long.BYTES;
    static final int PART = 4;
    static final int MAX_KEY_LENGTH = 2;
    static final int KEYS = 300;
    static final long WINDOW_NANOS = 20_000_000;

    // the first byte of a message
    private static final byte GOOD = 0;
    private static final byte PARSER_THROWS_FIRST = 1;
    private static final byte PARSER_THROWS_LAST = 2;
    private static final byte NO_EVENTS = 3;

    // the first byte of a part
    private static final byte AT_RECEIPT = 0;
    private static final byte OUT_OF_ORDER = 1;
    private static final byte TOO_LATE = 2;
    private static final byte AHEAD = 3;
    private static final byte REJECT = 4;
    private static final byte LONG_KEY = 5;
    private static final byte EMPTY_KEY = 6;

    // the last byte of a part
    private static final byte HANDLER_FINE = 0;
    private static final byte HANDLER_THROWS = 1;

    private static final VarHandle LONGS = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

    static final class Injected extends RuntimeException {
        private static final long serialVersionUID = 1;

        Injected(String where) {
            super("injected: " + where, null, false, false);
        }
    }

    /** One for each key, told from all others by its identity. */
    static final class State {
        boolean inUse;
        boolean disposed;
        long seen;
    }

    final LongAdder parsedWithEvents = new LongAdder();
    final LongAdder parsedWithout = new LongAdder();
    final LongAdder parserThrew = new LongAdder();
    final LongAdder rejected = new LongAdder();
    final LongAdder events = new LongAdder();
    final LongAdder handled = new LongAdder();
    final LongAdder handlerThrew = new LongAdder();
    final LongAdder late = new LongAdder();
    final LongAdder ahead = new LongAdder();
    final LongAdder sinkTook = new LongAdder();
    final LongAdder sinkThrew = new LongAdder();
    final LongAdder created = new LongAdder();
    final LongAdder factoryFailed = new LongAdder();
    final LongAdder disposed = new LongAdder();
    final LongAdder disposerThrew = new LongAdder();
    final LongAdder errorsHeard = new LongAdder();
    final LongAdder errorListenerThrew = new LongAdder();

    /** Broken promises of the engine: concurrent use of a state, use after disposal, a wrong number of them. */
    final LongAdder breaches = new LongAdder();

    private final long handlerParkNanos;

    ChaosService(long handlerParkNanos) {
        this.handlerParkNanos = handlerParkNanos;
    }

    TrafiloBuilder<State> builder() {
        return Trafilo.<State>builder()
                .parser(this::parse)
                .state(this::create)
                .handler(this::handle)
                .sink(this::take)
                .disposer(this::dispose)
                .errorListener(this::hear)
                .maxKeyLength(MAX_KEY_LENGTH)
                .maxMessageLength(256);
    }

    // ---- the sender's side

    static byte[] message(SplittableRandom random, long nowNanos) {
        int parts = 1 + (oneIn(random, 4) ? random.nextInt(12) : 0);
        byte[] message = new byte[HEADER + parts * PART];
        message[0] = oneIn(random, 20) ? (byte) random.nextInt(1, 4) : GOOD;
        LONGS.set(message, 1, nowNanos);
        for (int at = HEADER; at < message.length; at += PART) {
            int key = random.nextInt(KEYS);
            message[at] = oneIn(random, 4) ? (byte) random.nextInt(1, 7) : AT_RECEIPT;
            message[at + 1] = (byte) key;
            message[at + 2] = (byte) (key >> 8);
            message[at + 3] = oneIn(random, 15) ? HANDLER_THROWS : HANDLER_FINE;
        }
        return message;
    }

    static boolean oneIn(SplittableRandom random, int n) {
        return random.nextInt(n) == 0;
    }

    // ---- callbacks

    private void parse(byte[] buffer, int offset, int length, EventCollector out) {
        byte fate = buffer[offset];
        if (fate == PARSER_THROWS_FIRST) {
            parserThrew.increment();
            throw new Injected("parser, first");
        }
        if (fate == NO_EVENTS) {
            parsedWithout.increment();
            return;
        }
        int named = 0;
        int refused = 0;
        long sentNanos = (long) LONGS.get(buffer, offset + 1);
        for (int at = offset + HEADER; at < offset + length; at += PART) {
            if (name(buffer[at], at + 1, sentNanos, out)) {
                named++;
            } else {
                refused++;
            }
        }
        if (fate == PARSER_THROWS_LAST) {
            parserThrew.increment();
            throw new Injected("parser, last");
        }
        rejected.add(refused);
        events.add(named);
        (named == 0 ? parsedWithout : parsedWithEvents).increment();
    }

    private static boolean name(byte part, int key, long sentNanos, EventCollector out) {
        switch (part) {
            case AT_RECEIPT -> out.event(key, 2, key - 1, PART);
            case OUT_OF_ORDER -> out.event(key, 2, key - 1, PART).at(sentNanos - WINDOW_NANOS / 4);
            case TOO_LATE -> out.event(key, 2, key - 1, PART).at(sentNanos - 3 * WINDOW_NANOS);
            case AHEAD -> out.event(key, 2, key - 1, PART).at(sentNanos + 3_600_000_000_000L);
            case LONG_KEY -> {
                out.event(key, MAX_KEY_LENGTH + 1, key, 0);
                return false;
            }
            case EMPTY_KEY -> {
                out.event(key, 0, key, 0);
                return false;
            }
            case REJECT -> {
                out.reject();
                return false;
            }
            default -> throw new IllegalArgumentException("part " + part);
        }
        return true;
    }

    private State create(Key key) {
        int chance = Math.floorMod(key.hashCode() * 31 + factoryFailed.intValue() + created.intValue(), 16);
        if (chance < 2) {
            factoryFailed.increment();
            if (chance == 0) {
                return null;
            }
            throw new Injected("factory");
        }
        created.increment();
        return new State();
    }

    private void handle(EventView event, State state) {
        enter(state);
        state.seen++;
        if (event.isLate()) {
            late.increment();
        }
        if (event.payloadByte(0) == AHEAD) {
            ahead.increment();
        }
        if (handlerParkNanos > 0 && state.seen % 8 == 0) {
            LockSupport.parkNanos(handlerParkNanos);
        }
        state.inUse = false;
        if (event.payloadByte(3) == HANDLER_THROWS) {
            handlerThrew.increment();
            throw new Injected("handler");
        }
        handled.increment();
    }

    private void take(WindowView window, State state) {
        enter(state);
        if (window.total() < window.count() || window.total() != state.seen) {
            breaches.increment();
        }
        state.inUse = false;
        if (window.total() % 9 == 0) {
            sinkThrew.increment();
            throw new Injected("sink");
        }
        sinkTook.increment();
    }

    private void dispose(Key key, State state) {
        enter(state);
        state.disposed = true;
        disposed.increment();
        if (state.seen % 5 == 0) {
            disposerThrew.increment();
            throw new Injected("disposer");
        }
    }

    private void enter(State state) {
        if (state.inUse || state.disposed) {
            breaches.increment();
        }
        state.inUse = true;
    }

    private void hear(ErrorListener.Stage stage, Key key, Throwable error) {
        errorsHeard.increment();
        if (errorsHeard.intValue() % 11 == 0) {
            errorListenerThrew.increment();
            throw new Injected("error listener");
        }
    }
}
