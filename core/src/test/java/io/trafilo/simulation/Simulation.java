package io.trafilo.simulation;

import io.trafilo.ErrorListener.Stage;
import io.trafilo.LedgerOf;
import io.trafilo.ledger.Counter;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/**
 * One run of the engine's parts over virtual time, on one thread: who makes the next step, what arrives, what fails and when it
 * all ends follows from the seed. After each step what the callbacks were told is compared with the model, at the end every
 * counter of the ledger.
 */
final class Simulation {
    private static final long START_NANOS = 1_700_000_000_000_000_000L;

    /** The stages whose failures are counted one by one. */
    private static final Map<Stage, Counter> FAILURES = Map.of(
            Stage.HANDLER, Counter.HANDLER_FAILED,
            Stage.SINK, Counter.SINK_FAILED,
            Stage.STATE_FACTORY, Counter.FACTORY_FAILED,
            Stage.DISPOSER, Counter.DISPOSER_FAILED);

    private final SplittableRandom random;
    private final Plan plan;
    private final Tally tally = new Tally();
    private final Faults faults;
    private final SimulatedClock clock = new SimulatedClock(START_NANOS);
    private final SimulatedService service;
    private final SimulatedEngine engine;
    private final SimulatedSender sender;
    private final SimulatedSocket socket;
    private final SimulatedListener listener;
    private final NaiveRing ring;
    private final NaiveModel model;

    /** The run that each worker has in hand, null if none. */
    private final List<@Nullable List<Message>> runs = new ArrayList<>();

    private final List<Boolean> dead = new ArrayList<>();
    private final List<Said> history = new ArrayList<>();

    private boolean closing;
    private boolean sealed;
    private boolean abandoning;

    /** How many messages of the run in hand had been begun when the time for the close ran out; -1 if it has not. */
    private int begunBeforeAbandoning = -1;

    Simulation(long seed) {
        random = new SplittableRandom(seed);
        plan = Plan.random(random);
        faults = new Faults(random.nextLong(), plan.faultOneIn());
        service = new SimulatedService(plan, faults, this::meanwhile);
        engine = new SimulatedEngine(plan, service, clock, random.split());
        sender = new SimulatedSender(random, plan);
        socket = new SimulatedSocket(plan.socketCapacity());
        ring = new NaiveRing(plan.dispatch());
        listener = new SimulatedListener(random, plan, socket, engine.intake, ring, tally);
        model = new NaiveModel(plan, faults, tally, engine::shardOf, START_NANOS);
        for (int i = 0; i < plan.dispatch().workers(); i++) {
            runs.add(null);
            dead.add(false);
        }
    }

    /** Runs until the engine is closed, and throws an AssertionError if anything is not as it should be. */
    void run() {
        for (int i = 0; i < plan.operations() && engine.failure == null; i++) {
            faults.nextStep();
            step();
            requireNothingUnexpected();
        }
        close();
        requireNothingUnexpected();
    }

    /** All that the callbacks were told. */
    List<Said> history() {
        return history;
    }

    Tally tally() {
        return tally;
    }

    // ---- steps

    private void step() {
        int operation = random.nextInt(20);
        if (operation < 4) {
            socket.arrive(sender.send(clock.nanos()));
        } else if (operation < 7) {
            listener.listen();
        } else if (operation < 8) {
            offer();
        } else if (operation < 14) {
            stepWorker(random.nextInt(runs.size()));
        } else if (operation < 17) {
            moveClock();
        } else if (plan.goesBack() && operation == 17) {
            moveClockBack();
        } else {
            pollTimers(random.nextInt(runs.size()));
        }
    }

    private void offer() {
        byte[] message = sender.next(clock.nanos());
        boolean expected = ring.room() > 0;
        requireEqual("taken", engine.workers.offer(message, clock.nanos()), expected);
        if (expected) {
            ring.put(Message.of(message, clock.nanos(), true));
            tally.add(Counter.EMITTED, 1);
        }
    }

    private void stepWorker(int worker) {
        if (dead.get(worker)) {
            return;
        }
        if (runs.get(worker) == null) {
            take(worker);
        } else {
            handle(worker);
        }
    }

    private void take(int worker) {
        long before = engine.workers.taken();
        boolean took = engine.workers.take(worker);
        List<Message> run = ring.take(engine.workers.taken() - before);
        requireEqual("took", took, engine.workers.taken() > before);
        requireEqual("room", engine.workers.room(), (long) ring.room());
        if (took) {
            runs.set(worker, run);
        }
    }

    private void handle(int worker) {
        List<Message> run = runs.get(worker);
        boolean dies = plan.deathOneIn() > 0 && random.nextInt(plan.deathOneIn()) == 0;
        long nowNanos = clock.nanos();
        begunBeforeAbandoning = abandoning ? 0 : -1;
        if (dies) {
            failWorker(worker);
        } else {
            engine.workers.handle(worker, random.nextLong(1L << random.nextInt(30)));
        }
        runs.set(worker, null);
        List<Message> readable = run.stream().filter(Message::readable).toList();
        tally.add(Counter.PARSE_FAILED, run.size() - readable.size());
        int handled = dies ? 0 : begunBeforeAbandoning < 0 ? readable.size() : begunBeforeAbandoning;
        tally.add(Counter.ABANDONED, readable.size() - handled);
        List<Said> expected = new ArrayList<>();
        readable.subList(0, handled).forEach(message -> model.message(message, nowNanos, expected));
        requireSaid(expected);
    }

    /** Lets the clock throw where the worker's loop cannot go on. */
    private void failWorker(int worker) {
        clock.failNext();
        try {
            engine.workers.handle(worker, 0);
            throw new AssertionError("the worker did not look at the clock");
        } catch (OnPurpose error) {
            engine.workers.fail(worker, error);
            dead.set(worker, true);
        }
    }

    private void pollTimers(int worker) {
        if (dead.get(worker) || runs.get(worker) != null) {
            return;
        }
        long nowNanos = clock.nanos();
        engine.workers.pollTimers(worker, nowNanos);
        model.timers(nowNanos, service.said);
        clearSaid();
    }

    private void moveClock() {
        long size = plan.rules().sizeNanos();
        clock.move(
                switch (random.nextInt(8)) {
                    case 0 -> 0;
                    case 1, 2 -> plan.rules().slideNanos() + Plan.pick(random, -1, 0, 1);
                    case 3 -> random.nextLong(size);
                    case 4 -> size + Plan.pick(random, -1, 0, 1);
                    case 5 -> random.nextInt(8) == 0 ? 100 * size : 1;
                    case 6 -> plan.rules().idleNanos();
                    default -> random.nextLong(1 + size / 8);
                });
    }

    private void moveClockBack() {
        long by = 1 + random.nextLong(3 * plan.rules().sizeNanos());
        if (model.canGoBackTo(clock.nanos() - by)) {
            clock.move(-by);
        }
    }

    /** What happens while a callback is at work: all but what would need the shard that it holds. */
    private void meanwhile() {
        if (plan.slowOneIn() == 0 || random.nextInt(plan.slowOneIn()) != 0) {
            return;
        }
        switch (random.nextInt(4)) {
            case 0 -> clock.move(random.nextLong(plan.rules().sizeNanos()));
            case 1 -> socket.arrive(sender.send(clock.nanos()));
            case 2 -> {
                if (!closing) {
                    listener.listen();
                }
            }
            default -> meanwhileInAnotherWorker();
        }
    }

    private void meanwhileInAnotherWorker() {
        if (sealed && !abandoning && random.nextInt(4) == 0) {
            begunBeforeAbandoning = (int)
                    service.said.stream().filter(Said.Parsed.class::isInstance).count();
            abandon();
            return;
        }
        int other = random.nextInt(runs.size());
        if (!dead.get(other) && runs.get(other) == null) {
            take(other);
        }
    }

    // ---- the close, in the order of EngineLifecycle

    private void close() {
        closing = true;
        engine.workers.refuseMessagesByHand();
        requireEqual("taken", engine.workers.offer(new byte[] {'a', ' '}, clock.nanos()), false);
        while (listener.isWaiting() && engine.failure == null && random.nextInt(30) != 0) {
            faults.nextStep();
            stepWorker(random.nextInt(runs.size()));
            listener.listen();
        }
        listener.cutOff();
        listener.onSeal();
        engine.workers.sealAndHalt();
        sealed = true;
        if (random.nextInt(4) == 0) {
            listener.listen(); // it has not heard of it yet
        }
        boolean stuck = drain();
        engine.workers.discardRest();
        tally.add(Counter.ABANDONED, ring.takeAll().size());
        requireEqual("drained", engine.workers.mayEnd(), true);
        listener.close();
        disposeAll();
        checkLedger(engine.book.finalSums(false, stuck));
    }

    /** Lets the workers come to their end; true if one of them never does. */
    private boolean drain() {
        List<Integer> left = new ArrayList<>();
        for (int worker = 0; worker < runs.size(); worker++) {
            if (!dead.get(worker)) {
                left.add(worker);
            }
        }
        boolean stuck = false;
        while (!left.isEmpty()) {
            faults.nextStep();
            if (!abandoning && (engine.failure != null || random.nextInt(60) == 0)) {
                abandon();
            }
            int worker = left.get(random.nextInt(left.size()));
            List<Message> run = runs.get(worker);
            if (run == null) {
                requireEqual("may end", engine.workers.mayEnd(), ring.isEmpty());
            }
            if (run != null && abandoning && random.nextInt(8) == 0) {
                stuck = true; // never comes back from its callback
                tally.add(Counter.ABANDONED, run.size());
                left.remove((Integer) worker);
            } else if (run == null && engine.workers.mayEnd()) {
                left.remove((Integer) worker);
            } else {
                stepWorker(worker);
                if (dead.get(worker)) {
                    left.remove((Integer) worker);
                }
            }
        }
        return stuck;
    }

    private void abandon() {
        abandoning = true;
        engine.workers.abandon();
        engine.workers.discardRest();
        tally.add(Counter.ABANDONED, ring.takeAll().size());
    }

    private void disposeAll() {
        faults.nextStep();
        requireEqual("disposed", engine.workers.disposeAll(engine.shards), true);
        service.said.sort(Comparator.comparing(Said::toString));
        List<Said> expected = model.disposeAll();
        expected.sort(Comparator.comparing(Said::toString));
        requireSaid(expected);
    }

    // ---- checks

    private void requireSaid(List<Said> expected) {
        if (!service.said.equals(expected)) {
            throw new AssertionError("said:\n" + lines(service.said) + "\nexpected:\n" + lines(expected));
        }
        clearSaid();
    }

    private void clearSaid() {
        history.addAll(service.said);
        service.said.clear();
    }

    private static String lines(List<Said> said) {
        return String.join("\n", said.stream().map(one -> "    " + one).toList());
    }

    private void requireNothingUnexpected() {
        Throwable unexpected = service.unexpected;
        if (unexpected != null) {
            throw new AssertionError("heard of an error that nobody threw on purpose", unexpected);
        }
        if (!service.said.isEmpty()) {
            throw new AssertionError("said out of turn:\n" + lines(service.said));
        }
    }

    private void checkLedger(long[] sums) {
        listener.requireReleased();
        tally.add(Counter.ERROR_LISTENER_FAILED, service.listenerFailures);
        List<String> imbalances = LedgerOf.sums(sums, engine.shards.liveTimestamps(), engine.shards.liveKeys())
                .imbalances();
        requireEqual("sums that do not hold", imbalances, List.of());
        requireEqual("live keys", engine.shards.liveKeys(), 0L);
        long sent = tally.get(Counter.RECEIVED) + tally.get(Counter.KERNEL_DROPPED) + socket.waiting();
        requireEqual("arrived at the socket", socket.arrived(), sent);
        Map<String, String> differences = tally.differences(sums);
        if (plan.goesBack()) { // then the time at which a silent timer expires timestamps is not told
            long left = sums[Counter.EXPIRED.ordinal()] + sums[Counter.DISPOSED_WITH_KEY.ordinal()];
            requireEqual("left", left, tally.get(Counter.EXPIRED) + tally.get(Counter.DISPOSED_WITH_KEY));
            differences.remove(Counter.EXPIRED.label());
            differences.remove(Counter.DISPOSED_WITH_KEY.label());
        }
        requireEqual("counters that are wrong", differences, Map.of());
        for (var failed : FAILURES.entrySet()) {
            long heard = service.heard.getOrDefault(failed.getKey(), 0L);
            requireEqual("heard of " + failed.getKey(), heard, tally.get(failed.getValue()));
        }
    }

    private static void requireEqual(String what, Object actual, Object expected) {
        if (!actual.equals(expected)) {
            throw new AssertionError(what + ": " + actual + " (expected: " + expected + ")");
        }
    }
}
