package io.trafilo.state;

import static org.assertj.core.api.Assertions.assertThat;

import io.trafilo.Aggregates;
import io.trafilo.Counter;
import io.trafilo.EventHandler;
import io.trafilo.Key;
import io.trafilo.StateFactory;
import io.trafilo.WindowSink;
import io.trafilo.WindowView;
import io.trafilo.aggregate.AggregateRules;
import io.trafilo.failures.Failures;
import io.trafilo.failures.Progress;
import io.trafilo.ledger.CounterRow;
import io.trafilo.ledger.LedgerBook;
import io.trafilo.ledger.LossHistory;
import io.trafilo.state.NaiveWindows.Emission;
import io.trafilo.state.NaiveWindows.Handled;
import io.trafilo.state.NaiveWindows.Values;
import io.trafilo.testing.OnPurpose;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/**
 * The windows of all shards against {@link NaiveWindows}, over random sequences of events, moves of the clock and looks at
 * the timers. A failure names its seed; {@code -Dtrafilo.test.seed=...} runs that one alone, and
 * {@code -Dtrafilo.windowModel.sequences=...} another number of them.
 */
class WindowModelTest {
    private static final int SEQUENCES = 20_000;

    @Test
    void shouldEmitWhatTheModelEmitsWhenOperationsAreRandom() {
        Long only = Long.getLong("trafilo.test.seed");
        if (only != null) {
            new Sequence(only).run();
            return;
        }
        int sequences = Integer.getInteger("trafilo.windowModel.sequences", SEQUENCES);
        Coverage coverage = new Coverage();
        for (long seed = 1; seed <= sequences; seed++) {
            try {
                Sequence sequence = new Sequence(seed);
                sequence.run();
                coverage.add(sequence.model);
            } catch (AssertionError | RuntimeException e) {
                throw new AssertionError(
                        "seed " + seed + " (once more with -Dtrafilo.test.seed=" + seed + "): " + e, e);
            }
        }
        if (sequences >= SEQUENCES) {
            coverage.check();
        }
    }

    /** What the sequences have met, so that none of it drops out of the test unnoticed. */
    private static final class Coverage {
        long late;
        long skewed;
        long refused;
        long expired;
        long truncated;
        long disposed;
        long truncatedWindows;
        long finalWindows;

        void add(NaiveWindows model) {
            late += model.late;
            skewed += model.skewed;
            refused += model.refused;
            expired += model.expired;
            truncated += model.truncated;
            disposed += model.disposed.size();
            truncatedWindows +=
                    model.emissions.stream().filter(Emission::truncated).count();
            finalWindows += model.emissions.stream().filter(w -> w.count() == 0).count();
        }

        void check() {
            assertThat(List.of(late, skewed, refused, expired, truncated, disposed, truncatedWindows, finalWindows))
                    .as("late, skewed, refused, expired, truncated, disposed, truncated windows, final windows")
                    .allMatch(count -> count > SEQUENCES / 10);
        }
    }

    private static final class OnPurpose extends RuntimeException {
        private static final long serialVersionUID = 1;

        OnPurpose() {
            super("on purpose", null, false, false);
        }
    }

    /** One run of the shards beside the model. */
    private static final class Sequence {
        private static final long START_NANOS = 1_700_000_000_000_000_000L;

        private final Random random;
        private final WindowRules rules;
        private final long unitNanos;
        private final String[] names;
        private final long[] hashes;
        private final boolean mayGoBack;
        private final boolean hasValues;

        private final Shards<List<String>> shards;
        private final ShardAccess access;
        private final CounterRow row;
        final NaiveWindows model;

        private final List<Emission> emissions = new ArrayList<>();
        private final List<Handled> handled = new ArrayList<>();
        private final List<String> disposed = new ArrayList<>();
        private int checkedEmissions;

        private long clockNanos = START_NANOS;

        /** The time the windows go by: the latest that the clock has shown to the shards. */
        private long nowNanos = START_NANOS;

        private boolean factoryFails;
        private boolean callbacksFail;

        Sequence(long seed) {
            random = new Random(seed);
            unitNanos = pick(1, 1_000, 1_000_000, 1_000_000_000);
            rules = randomRules();
            boolean hasSink = random.nextInt(8) != 0;
            int shardCount = 1 << random.nextInt(3);
            hasValues = random.nextBoolean();
            mayGoBack = shardCount == 1 && random.nextBoolean();
            names = new String[1 + random.nextInt(8)];
            hashes = new long[names.length];
            for (int i = 0; i < names.length; i++) {
                names[i] = "key" + i;
                hashes[i] = random.nextLong();
                if (i > 0 && random.nextInt(3) == 0) { // equal in all bits, or in those that a shard's table knows
                    long differing = random.nextBoolean() ? 0 : 0xFF_FFFFL << Integer.SIZE;
                    hashes[i] = hashes[i - 1] ^ (hashes[i] & differing);
                }
            }
            long maxKeys = random.nextInt(3) == 0 ? 1 + random.nextInt(names.length) : 1_000;
            // with several shards, which of them holds the room that is left is not told by the semantics
            long maxRetained = shardCount == 1 && random.nextInt(2) == 0 ? 1 + random.nextInt(12) : 100_000;

            LedgerBook book = new LedgerBook();
            row = book.openRow();
            Failures failures = new Failures((stage, key, error) -> {}, book.shared(), error -> {}, Runnable::run);
            access = new ShardAccess(row, failures, new LossHistory(book, rules.sizeNanos(), START_NANOS));
            shards = new Shards<>(
                    shardCount,
                    callbacks(hasSink),
                    rules,
                    maxKeys,
                    maxRetained,
                    START_NANOS,
                    1_000_000_000,
                    hasValues ? randomAggregates() : AggregateRules.NONE,
                    new KeyHash(new SecureRandom()));
            model = new NaiveWindows(rules, hasSink, hasValues, maxKeys, maxRetained);
        }

        /** A few events are many. */
        private AggregateRules randomAggregates() {
            return new AggregateRules(
                    Aggregates.sum().min().max().weightedCount(),
                    rules.sizeNanos(),
                    rules.slideNanos(),
                    2 + random.nextInt(8),
                    2);
        }

        private Values values(WindowView window) {
            return hasValues
                    ? new Values(window.sum(), window.min(), window.max(), window.weightedCount())
                    : Values.NONE;
        }

        private WindowRules randomRules() {
            long size = unitNanos * (1 + random.nextInt(20));
            long slide = random.nextInt(4) == 0 ? size : 1 + (long) (random.nextDouble() * size);
            slide = random.nextBoolean() ? slide : Math.min(size, unitNanos * (1 + random.nextInt(5)));
            long idle = random.nextBoolean() ? 0 : pick(1, slide, size, size + slide, 3 * size, 40 * size);
            idle = idle == 0 ? 0 : Math.max(1, idle + pick(-1, 0, 1));
            return new WindowRules(size, slide, random.nextInt(4) == 0, random.nextInt(4) != 0, idle);
        }

        private Callbacks<List<String>> callbacks(boolean hasSink) {
            StateFactory<List<String>> factory = key -> {
                failIf(factoryFails);
                return new ArrayList<>();
            };
            EventHandler<List<String>> handler = (event, state) -> {
                handled.add(new Handled(event.key().toString(), event.timestampNanos(), event.isLate()));
                state.add(event.payloadText());
                failIf(callbacksFail);
            };
            WindowSink<List<String>> sink = (window, state) -> {
                emissions.add(new Emission(
                        window.key().toString(),
                        window.count(),
                        window.startNanos(),
                        window.endNanos(),
                        window.oldestNanos(),
                        window.newestNanos(),
                        window.total(),
                        window.isTruncated(),
                        values(window)));
                assertThat((long) state.size()).isEqualTo(window.total());
                failIf(callbacksFail);
            };
            return new Callbacks<>(factory, handler, hasSink ? sink : null, (key, state) -> {
                disposed.add(key.toString());
                failIf(callbacksFail);
            });
        }

        private static void failIf(boolean failing) {
            if (failing) {
                throw new OnPurpose();
            }
        }

        private long pick(long... values) {
            return values[random.nextInt(values.length)];
        }

        void run() {
            int operations = 10 + random.nextInt(80);
            for (int i = 0; i < operations; i++) {
                callbacksFail = random.nextInt(10) == 0;
                factoryFails = random.nextInt(10) == 0;
                int operation = random.nextInt(20);
                if (operation < 10) {
                    event();
                } else if (operation < 16) {
                    moveClock();
                } else if (operation < 19 || !mayGoBack) {
                    poll();
                } else {
                    goBack();
                }
                check();
            }
            callbacksFail = random.nextBoolean();
            disposeShards();
            model.disposeAll();
            check();
        }

        private void disposeShards() {
            assertThat(shards.disposeAll(access, System.nanoTime() + 10_000_000_000L))
                    .isTrue();
        }

        private void event() {
            event(random.nextInt(names.length), clockNanos + randomDistance());
        }

        /** How far an event's time is from the clock: now mostly, some disorder, some at the edges of the window. */
        private long randomDistance() {
            long size = rules.sizeNanos();
            return switch (random.nextInt(10)) {
                case 0, 1, 2, 3 -> 0;
                case 4, 5 -> -(long) (random.nextDouble() * size);
                case 6 -> -(long) (random.nextDouble() * 3 * size);
                case 7 -> -size + pick(-1, 0, 1);
                case 8 -> pick(1, unitNanos, 1_000_000_000_000L);
                default -> -pick(0, unitNanos, rules.slideNanos());
            };
        }

        private void event(int i, long eventNanos) {
            nowNanos = Math.max(nowNanos, clockNanos);
            byte[] bytes = ("__" + names[i] + "payload").getBytes(StandardCharsets.UTF_8);
            int keyLength = names[i].length();
            EventFlyweight event = access.beginEvent();
            event.wrap(bytes, 2, keyLength, bytes, 2 + keyLength, bytes.length - 2 - keyLength, eventNanos, clockNanos);
            long timeNanos = Math.min(eventNanos, nowNanos);
            event.carry(NaiveWindows.valueAt(timeNanos), NaiveWindows.weightAt(timeNanos), 2, keyLength);
            if (random.nextBoolean()) {
                int from = random.nextInt(i + 1); // so that the place may be the right one, or another key's
                shards.readAhead(access, hashes, from, hashes.length - from);
            }
            shards.update(access, hashes[i], clockNanos);
            assertThat(access.takeOutcomePending()).isFalse();
            model.event(names[i], eventNanos, nowNanos, factoryFails);
        }

        private void moveClock() {
            long next = model.nextTime(clockNanos + unitNanos);
            clockNanos += switch (random.nextInt(6)) {
                case 0 -> 1;
                case 1 -> Math.max(0, next - clockNanos + pick(-1, 0, 1));
                case 2 -> rules.slideNanos() + pick(-1, 0, 1);
                case 3 -> (long) (random.nextDouble() * rules.sizeNanos());
                case 4 -> rules.sizeNanos() + pick(-1, 0, 1);
                default -> random.nextInt(8) == 0 ? 100 * rules.sizeNanos() : unitNanos;
            };
        }

        private void poll() {
            long latest = clockNanos + 1_000_000_000_000_000L;
            long next = shards.pollTimers(access, clockNanos, clockNanos, latest);
            nowNanos = Math.max(nowNanos, clockNanos);
            model.poll(nowNanos);
            assertThat(next).as("time of the next poll").isLessThanOrEqualTo(model.nextTime(latest));
            assertThat(next).as("time of the next poll").isGreaterThan(clockNanos);
        }

        /** Lets the shard see this time before the clock goes back, so that it is known which time it keeps. */
        private void goBack() {
            poll();
            event(random.nextInt(names.length), clockNanos);
            clockNanos -= pick(1, unitNanos, rules.slideNanos(), 3 * rules.sizeNanos());
        }

        private void check() {
            assertThat(newOnes(emissions)).isEqualTo(newOnes(model.emissions));
            checkedEmissions = emissions.size();
            assertThat(handled).isEqualTo(model.handled);
            handled.clear();
            model.handled.clear();
            Collections.sort(disposed);
            Collections.sort(model.disposed);
            assertThat(disposed).isEqualTo(model.disposed);
            assertThat(counts()).isEqualTo(model.counts());
            for (int i = 0; i < names.length; i++) {
                Integer events = shards.read(new Progress(), Key.of(names[i]), hashes[i], List::size);
                assertThat(events).isEqualTo(model.total(names[i]));
            }
        }

        /** The emissions since the last check, by key: the keys' order in one poll is nobody's business. */
        private List<Emission> newOnes(List<Emission> all) {
            List<Emission> some = new ArrayList<>(all.subList(checkedEmissions, all.size()));
            Collections.sort(some);
            return some;
        }

        private List<Long> counts() {
            return Arrays.asList(
                    row.get(Counter.LATE),
                    row.get(Counter.SKEWED),
                    row.get(Counter.KEY_REFUSED),
                    row.get(Counter.TIMESTAMPS_ADDED),
                    row.get(Counter.EXPIRED),
                    row.get(Counter.TRUNCATED),
                    row.get(Counter.DISPOSED_WITH_KEY),
                    row.get(Counter.KEYS_DISPOSED),
                    shards.liveTimestamps(),
                    shards.liveKeys(),
                    row.get(Counter.DELIVERED) + row.get(Counter.SINK_FAILED),
                    row.get(Counter.HANDLED) + row.get(Counter.HANDLER_FAILED));
        }
    }
}
