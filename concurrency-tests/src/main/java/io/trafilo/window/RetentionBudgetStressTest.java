package io.trafilo.window;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.IJJ_Result;
import org.openjdk.jcstress.infra.results.JJJ_Result;

/** Two stores, each under its own lock, share one budget. */
public final class RetentionBudgetStressTest {
    private RetentionBudgetStressTest() {}

    /** Two stores want two timestamps each; there are three. */
    @JCStressTest
    @State
    @Outcome(id = "2, 1, 0", expect = ACCEPTABLE, desc = "The first store came first.")
    @Outcome(id = "1, 2, 0", expect = ACCEPTABLE, desc = "The second store came first.")
    @Outcome(expect = FORBIDDEN, desc = "Leased by the first, by the second, still there.")
    public static class Lease {
        private final RetentionBudget budget = new RetentionBudget(3, 2);

        @Actor
        public void first(JJJ_Result r) {
            r.r1 = budget.lease(2);
        }

        @Actor
        public void second(JJJ_Result r) {
            r.r2 = budget.lease(2);
        }

        @Arbiter
        public void arbiter(JJJ_Result r) {
            r.r3 = budget.available();
        }
    }

    private static final class Entry extends WindowEntry {}

    /** Two stores add three timestamps each, with room for four. */
    @JCStressTest
    @State
    @Outcome(id = "2, 4, 0", expect = ACCEPTABLE, desc = "Four are held, two were removed early.")
    @Outcome(expect = FORBIDDEN, desc = "Timestamps removed early; held; room left.")
    public static class Truncate {
        private final RetentionBudget budget = new RetentionBudget(4, 2);
        private final ChunkSupply chunks = new ChunkSupply(false);
        private final TimestampStore firstStore = new TimestampStore(budget, chunks);
        private final TimestampStore secondStore = new TimestampStore(budget, chunks);
        private int firstTruncated;
        private int secondTruncated;

        @Actor
        public void first() {
            firstTruncated = addThree(firstStore);
        }

        @Actor
        public void second() {
            secondTruncated = addThree(secondStore);
        }

        private static int addThree(TimestampStore store) {
            WindowEntry entry = new Entry();
            int truncated = 0;
            for (int nanos = 1; nanos <= 3; nanos++) {
                truncated += store.add(entry, nanos);
            }
            return truncated;
        }

        @Arbiter
        public void arbiter(IJJ_Result r) {
            r.r1 = firstTruncated + secondTruncated;
            r.r2 = firstStore.live() + secondStore.live();
            r.r3 = budget.available();
        }
    }

    /** One store returns its room while the other wants it. */
    @JCStressTest
    @State
    @Outcome(
            id = {"0, 3, 0", "1, 2, 1", "2, 1, 3"},
            expect = ACCEPTABLE,
            desc = "What is not held is free again; a single timestamp needs no room.")
    @Outcome(expect = FORBIDDEN, desc = "Timestamps removed early; held; room left.")
    public static class GiveBack {
        private final RetentionBudget budget = new RetentionBudget(3, 2);
        private final ChunkSupply chunks = new ChunkSupply(false);
        private final TimestampStore firstStore = new TimestampStore(budget, chunks);
        private final TimestampStore secondStore = new TimestampStore(budget, chunks);
        private final WindowEntry first = new Entry();
        private int truncated;

        public GiveBack() {
            for (int nanos = 1; nanos <= 3; nanos++) {
                firstStore.add(first, nanos);
            }
        }

        @Actor
        public void leaving() {
            firstStore.clear(first);
            firstStore.close();
        }

        @Actor
        public void staying() {
            truncated = Truncate.addThree(secondStore);
        }

        @Arbiter
        public void arbiter(IJJ_Result r) {
            r.r1 = truncated;
            r.r2 = secondStore.live();
            r.r3 = budget.available();
        }
    }
}
