package io.trafilo.simulation;

import io.trafilo.Aggregates;
import io.trafilo.aggregate.AggregateRules;
import io.trafilo.dispatch.SteppedWorkers;
import io.trafilo.dispatch.WorkerPool;
import io.trafilo.failures.EngineThreads;
import io.trafilo.failures.Failures;
import io.trafilo.ledger.LedgerBook;
import io.trafilo.ledger.LossHistory;
import io.trafilo.spi.Intake;
import io.trafilo.state.KeyHash;
import io.trafilo.state.Shards;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/** The parts of an engine, put together as the real one puts them, but for its threads and its random seeds. */
final class SimulatedEngine {
    final LedgerBook book = new LedgerBook();
    final Shards<SimulatedService.State> shards;
    final SteppedWorkers<SimulatedService.State> workers;
    final Intake<SimulatedBuffer> intake;

    /** What must stop the engine. */
    @Nullable
    Throwable failure;

    /** Nobody waits for a shard: there is one thread, and who else holds one holds it for long. */
    private static final long PATIENCE_NANOS = 0;

    private final KeyHash keyHash;
    private final int shardCount;

    SimulatedEngine(Plan plan, SimulatedService service, SimulatedClock clock, SplittableRandom random) {
        long nowNanos = clock.epochNanos();
        keyHash = new KeyHash(new Seeds(random));
        shardCount = plan.shards();
        shards = new Shards<>(
                plan.shards(),
                service.callbacks(),
                plan.rules(),
                plan.maxKeys(),
                plan.retained(),
                nowNanos,
                PATIENCE_NANOS,
                plan.hasValues() ? aggregates(plan) : AggregateRules.NONE,
                keyHash);
        Failures failures = new Failures(service::onError, book.shared(), this::fail, Runnable::run);
        LossHistory losses = new LossHistory(book, plan.rules().sizeNanos(), nowNanos);
        workers = new SteppedWorkers<>(
                plan.dispatch(),
                book,
                (ring, cursor, parking) -> new WorkerPool.Parts<>(
                        ring,
                        cursor,
                        parking,
                        shards,
                        service.parser(),
                        keyHash,
                        clock,
                        failures,
                        new EngineThreads(),
                        losses));
        intake = workers.openIntake(SimulatedBuffer.ACCESS, plan.policy());
    }

    /** Two events are many. */
    private static AggregateRules aggregates(Plan plan) {
        return new AggregateRules(
                Aggregates.sum().min().max().weightedCount(),
                plan.rules().sizeNanos(),
                plan.rules().slideNanos(),
                2,
                2);
    }

    private void fail(Throwable error) {
        if (failure == null) {
            failure = error;
        }
    }

    /** The shard of a key: the upper bits of its hash. */
    int shardOf(String key) {
        byte[] bytes = key.getBytes(StandardCharsets.ISO_8859_1);
        long upper = keyHash.hash(bytes, 0, bytes.length) >>> 32;
        return (int) ((upper * shardCount) >>> 32);
    }

    private static final class Seeds extends SecureRandom {
        private static final long serialVersionUID = 1;

        private final transient SplittableRandom random;

        Seeds(SplittableRandom random) {
            this.random = random;
        }

        @Override
        public long nextLong() {
            return random.nextLong();
        }
    }
}
