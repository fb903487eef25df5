package io.trafilo.state;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.ZJ_Result;
import org.openjdk.jcstress.infra.results.ZZJ_Result;

/** The limit on the keys of all shards together. */
public final class KeyQuotaStressTest {
    private KeyQuotaStressTest() {}

    /** Two shards want the only place. */
    @JCStressTest
    @State
    @Outcome(id = "true, false, 1", expect = ACCEPTABLE, desc = "The first has it.")
    @Outcome(id = "false, true, 1", expect = ACCEPTABLE, desc = "The second has it.")
    @Outcome(expect = FORBIDDEN, desc = "Whether the first and the second have it; places taken.")
    public static class Take {
        private final KeyQuota quota = new KeyQuota(1);

        @Actor
        public void first(ZZJ_Result r) {
            r.r1 = quota.tryTake();
        }

        @Actor
        public void second(ZZJ_Result r) {
            r.r2 = quota.tryTake();
        }

        @Arbiter
        public void arbiter(ZZJ_Result r) {
            r.r3 = quota.taken();
        }
    }

    /** One shard returns the place that the other wants. */
    @JCStressTest
    @State
    @Outcome(id = "false, 0", expect = ACCEPTABLE, desc = "The place was free too late.")
    @Outcome(id = "true, 1", expect = ACCEPTABLE, desc = "The place was free in time.")
    @Outcome(expect = FORBIDDEN, desc = "Whether the place was taken again; places taken.")
    public static class GiveBack {
        private final KeyQuota quota = new KeyQuota(1);

        public GiveBack() {
            quota.tryTake();
        }

        @Actor
        public void leaving() {
            quota.giveBack();
        }

        @Actor
        public void coming(ZJ_Result r) {
            r.r1 = quota.tryTake();
        }

        @Arbiter
        public void arbiter(ZJ_Result r) {
            r.r2 = quota.taken();
        }
    }
}
