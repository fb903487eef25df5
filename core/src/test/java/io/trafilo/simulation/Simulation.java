package io.trafilo.simulation;

import io.trafilo.Counter;
import io.trafilo.state.ShardHolder;
import java.util.Comparator;
import java.util.List;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/**
 * One run of the engine's parts over virtual time, on one thread: who makes the next step, what arrives, what fails and when it
 * all ends follows from the seed. After each step what the callbacks were told is compared with the model, at the end every
 * counter of the ledger.
 */
final class Simulation {
    private static final long START_NANOS = 1_700_000_000_000_000_000L;

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
    private final SimulatedPool pool;
    private @Nullable ShardHolder holder;
    private boolean closing;

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
        pool = new SimulatedPool(random, plan, tally, faults, clock, service, engine, ring, model);
    }

    /** Runs until the engine is closed, and throws an AssertionError if anything is not as it should be. */
    void run() {
        try {
            runToTheEnd();
        } finally {
            letGo();
        }
    }

    private void runToTheEnd() {
        for (int i = 0; i < plan.operations() && engine.failure == null; i++) {
            faults.nextStep();
            holdOrLetGo();
            step();
            service.requireNothingUnexpected();
        }
        close();
        service.requireNothingUnexpected();
    }

    /** All that the callbacks were told. */
    List<Said> history() {
        return service.history;
    }

    Tally tally() {
        return tally;
    }

    /** Another thread, a reader that hangs, takes a shard; or it is over. */
    private void holdOrLetGo() {
        if (plan.holdOneIn() == 0 || random.nextInt(plan.holdOneIn()) != 0) {
            return;
        }
        if (holder == null) {
            int shard = random.nextInt(plan.shards());
            holder = new ShardHolder(engine.shards, shard);
            model.hold(shard);
        } else {
            letGo();
        }
    }

    private void letGo() {
        if (holder != null) {
            holder.letGo();
            holder = null;
            model.hold(-1);
        }
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
            pool.step();
        } else if (operation < 17) {
            moveClock();
        } else if (plan.goesBack() && operation == 17) {
            moveClockBack();
        } else {
            pool.pollTimers();
        }
    }

    private void offer() {
        byte[] message = sender.next(clock.nanos());
        boolean expected = ring.room() > 0;
        Expect.equal("taken", engine.workers.offer(message, clock.nanos()), expected);
        if (expected) {
            ring.put(Message.of(message, clock.nanos(), true));
            tally.add(Counter.OFFERED, 1);
        }
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

    /** What happens while a callback is at work: anything but what would need the shard that it holds. */
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
            default -> pool.meanwhile();
        }
    }

    // ---- the close, in the order of EngineLifecycle

    private void close() {
        closing = true;
        engine.workers.refuseMessagesByHand();
        Expect.equal("taken", engine.workers.offer(new byte[] {'a', ' '}, clock.nanos()), false);
        while (listener.isWaiting() && engine.failure == null && random.nextInt(30) != 0) {
            faults.nextStep();
            pool.step();
            listener.listen();
        }
        listener.cutOff();
        engine.workers.sealAndHalt();
        listener.onSeal();
        if (random.nextInt(4) == 0) {
            listener.listen(); // it has not heard of it yet
        }
        boolean stuck = pool.drain();
        letGo();
        listener.close();
        disposeAll();
        listener.requireReleased();
        new LedgerCheck(plan, tally, service, socket).check(engine, stuck);
    }

    private void disposeAll() {
        faults.nextStep();
        Expect.equal("disposed", engine.workers.disposeAll(engine.shards), true);
        service.said.sort(Comparator.comparing(Said::toString)); // the order of keys is nobody's business
        List<Said> expected = model.disposeAll();
        expected.sort(Comparator.comparing(Said::toString));
        service.requireSaid(expected);
    }
}
