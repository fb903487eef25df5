package io.trafilo.window;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import java.util.BitSet;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.III_Result;

/** Two pools, each under its own lock, share one supply. */
public final class ChunkSupplyStressTest {
    private ChunkSupplyStressTest() {}

    /** Takes chunks and links them into a chain. Returns the first one; the last one was taken first. */
    private static int takeChain(ChunkPool pool, int count) {
        int first = Chunks.NIL;
        for (int i = 0; i < count; i++) {
            int chunk = pool.take();
            pool.chunks().init(chunk, Chunks.NIL, first, 0, 0);
            first = chunk;
        }
        return first;
    }

    private static void take(ChunkPool pool, int count, BitSet chunks) {
        for (int i = 0; i < count; i++) {
            chunks.set(pool.take());
        }
    }

    /** One pool returns a chain while the other needs chunks. */
    @JCStressTest
    @State
    @Outcome(id = "1, 32, 32", expect = ACCEPTABLE, desc = "Taken from the chain.")
    @Outcome(id = "0, 32, 32", expect = ACCEPTABLE, desc = "Taken from those that were never in use.")
    @Outcome(expect = FORBIDDEN, desc = "From the chain; distinct chunks; chunks that ever went out.")
    public static class GiveBackAndTake {
        private final ChunkSupply supply = new ChunkSupply(false);
        private final ChunkPool giver = new ChunkPool(supply);
        private final ChunkPool taker = new ChunkPool(supply);
        private final int first = takeChain(giver, ChunkSupply.RUN);
        private int taken;

        @Actor
        public void giver() {
            giver.giveBack(first, 0);
        }

        @Actor
        public void taker(III_Result r) {
            taken = taker.take();
            r.r1 = taken < ChunkSupply.RUN ? 1 : 0;
        }

        @Arbiter
        public void arbiter(III_Result r) {
            BitSet chunks = new BitSet();
            chunks.set(taken);
            take(taker, 2 * ChunkSupply.RUN - 1, chunks);
            r.r2 = chunks.cardinality();
            r.r3 = supply.touchedChunks();
        }
    }

    /** Both take from one long chain, which the first one cuts. */
    @JCStressTest
    @State
    @Outcome(id = "47, 31, 32", expect = ACCEPTABLE, desc = "The first pool cut the chain.")
    @Outcome(id = "31, 47, 32", expect = ACCEPTABLE, desc = "The second pool cut the chain.")
    @Outcome(expect = FORBIDDEN, desc = "Place in the chain of the first, of the second; distinct chunks.")
    public static class TakeAndTake {
        private final ChunkSupply supply = new ChunkSupply(false);
        private final ChunkPool first = new ChunkPool(supply);
        private final ChunkPool second = new ChunkPool(supply);
        private int firstTaken;
        private int secondTaken;

        public TakeAndTake() {
            ChunkPool giver = new ChunkPool(supply);
            giver.giveBack(takeChain(giver, 3 * ChunkSupply.RUN), 0);
        }

        @Actor
        public void first(III_Result r) {
            firstTaken = first.take();
            r.r1 = firstTaken;
        }

        @Actor
        public void second(III_Result r) {
            secondTaken = second.take();
            r.r2 = secondTaken;
        }

        @Arbiter
        public void arbiter(III_Result r) {
            BitSet chunks = new BitSet();
            chunks.set(firstTaken);
            chunks.set(secondTaken);
            take(first, ChunkSupply.RUN - 1, chunks);
            take(second, ChunkSupply.RUN - 1, chunks);
            r.r3 = chunks.cardinality();
        }
    }
}
