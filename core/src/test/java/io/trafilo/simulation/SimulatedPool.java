package io.trafilo.simulation;

import io.trafilo.Counter;
import io.trafilo.dispatch.SteppedWorkers;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/** Makes the steps of the workers, and compares what comes of each with the model. */
final class SimulatedPool {
    /** How many errors of their own the workers outlive, if they come fast. */
    private static final int MAX_FAILURES = 16;

    private final SplittableRandom random;
    private final Plan plan;
    private final Tally tally;
    private final Faults faults;
    private final SimulatedClock clock;
    private final SimulatedService service;
    private final SimulatedEngine engine;
    private final SteppedWorkers<SimulatedService.State> workers;
    private final NaiveRing ring;
    private final NaiveModel model;

    /** The run that each worker has in hand, null if none. */
    private final List<@Nullable List<Message>> runs = new ArrayList<>();

    private final List<Integer> alive = new ArrayList<>();
    private int deaths;
    private boolean halting;
    private boolean abandoning;

    /** How many messages of the run in hand had been begun when the time for the close ran out; -1 if it has not. */
    private int abandonedAfterSaying = Integer.MAX_VALUE;

    SimulatedPool(
            SplittableRandom random,
            Plan plan,
            Tally tally,
            Faults faults,
            SimulatedClock clock,
            SimulatedService service,
            SimulatedEngine engine,
            NaiveRing ring,
            NaiveModel model) {
        this.random = random;
        this.plan = plan;
        this.tally = tally;
        this.faults = faults;
        this.clock = clock;
        this.service = service;
        this.engine = engine;
        this.workers = engine.workers;
        this.ring = ring;
        this.model = model;
        for (int worker = 0; worker < plan.dispatch().workers(); worker++) {
            runs.add(null);
            alive.add(worker);
        }
    }

    /** Lets any worker that is alive do what it does next. */
    void step() {
        if (!alive.isEmpty()) {
            step(anyAlive());
        }
    }

    private int anyAlive() {
        return alive.get(random.nextInt(alive.size()));
    }

    private void step(int worker) {
        List<Message> run = runs.get(worker);
        if (run == null) {
            take(worker);
        } else {
            handle(worker, run);
        }
    }

    private void take(int worker) {
        long before = workers.taken();
        boolean took = workers.take(worker);
        List<Message> run = ring.take(workers.taken() - before);
        Expect.equal("took", took, workers.taken() > before);
        Expect.equal("room", workers.room(), (long) ring.room());
        if (took) {
            runs.set(worker, run);
        }
    }

    private void handle(int worker, List<Message> run) {
        boolean dies = plan.deathOneIn() > 0 && random.nextInt(plan.deathOneIn()) == 0;
        long nowNanos = clock.nanos();
        abandonedAfterSaying = abandoning ? 0 : Integer.MAX_VALUE;
        if (dies) {
            die(worker);
        } else {
            workers.handle(worker, random.nextLong(1L << random.nextInt(30)));
        }
        runs.set(worker, null);
        List<Message> readable = run.stream().filter(Message::readable).toList();
        tally.add(Counter.PARSE_FAILED, run.size() - readable.size());
        List<Said> expected = new ArrayList<>();
        model.run(readable, nowNanos, dies ? 0 : abandonedAfterSaying, expected);
        service.requireSaid(expected);
    }

    /** Lets the clock throw where the worker's loop cannot go on. */
    private void die(int worker) {
        clock.failNext();
        try {
            workers.handle(worker, 0);
            throw new AssertionError("the worker did not look at the clock");
        } catch (OnPurpose error) {
            boolean outlived = workers.recover(worker, error);
            Expect.equal("outlived", outlived, ++deaths <= MAX_FAILURES);
            if (!outlived) {
                alive.remove((Integer) worker);
            }
        }
    }

    /** Lets any worker without a run look at the timers. */
    void pollTimers() {
        int worker = alive.isEmpty() ? -1 : anyAlive();
        boolean nothingWaits = nothingWaits();
        if (worker >= 0 && runs.get(worker) == null && (nothingWaits || !model.expiresUnsaid())) {
            long nowNanos = clock.nanos();
            workers.pollTimers(worker, nowNanos);
            // what arrived while the sink was at work may hold the timers that were left
            model.timers(nowNanos, service.said, nothingWaits && nothingWaits());
            service.forget();
        }
    }

    private boolean nothingWaits() {
        return ring.isEmpty() && runs.stream().allMatch(Objects::isNull);
    }

    /** What may happen elsewhere while a worker is in a callback: another takes a run, or the time for the close runs out. */
    void meanwhile() {
        if (halting && !abandoning && random.nextInt(4) == 0) {
            abandonedAfterSaying = NaiveModel.saidOfEvents(service.said);
            abandon();
            return;
        }
        int other = alive.isEmpty() ? -1 : anyAlive();
        if (other >= 0 && runs.get(other) == null) {
            take(other);
        }
    }

    // ---- the end

    /** Lets the workers come to their end, in time or not; true if one of them never does. */
    boolean drain() {
        halting = true;
        boolean stuck = false;
        while (!alive.isEmpty()) {
            faults.nextStep();
            if (!abandoning && (engine.failure != null || random.nextInt(60) == 0)) {
                abandon();
            }
            int worker = anyAlive();
            List<Message> run = runs.get(worker);
            if (run == null) {
                Expect.equal("may end", workers.mayEnd(), ring.isEmpty());
            }
            if (run != null && abandoning && random.nextInt(8) == 0) {
                stuck = true; // never comes back from its callback
                tally.add(Counter.ABANDONED, run.size());
                alive.remove((Integer) worker);
            } else if (run == null && ring.isEmpty()) {
                alive.remove((Integer) worker);
            } else {
                step(worker);
            }
        }
        abandonRest();
        return stuck;
    }

    private void abandon() {
        abandoning = true;
        workers.abandon();
        abandonRest();
    }

    private void abandonRest() {
        workers.abandonRest();
        tally.add(Counter.ABANDONED, ring.takeAll().size());
        Expect.equal("drained", workers.mayEnd(), true);
    }
}
