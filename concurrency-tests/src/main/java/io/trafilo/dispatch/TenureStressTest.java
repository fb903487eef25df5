package io.trafilo.dispatch;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.III_Result;
import org.openjdk.jcstress.infra.results.II_Result;
import org.openjdk.jcstress.infra.results.I_Result;

/** Who has a worker's seat when another reaches for it. */
public final class TenureStressTest {
    private TenureStressTest() {}

    /** The worker comes out of its callbacks at the moment at which it is relieved. */
    @JCStressTest
    @State
    @Outcome(id = "1, 0, 0", expect = ACCEPTABLE, desc = "The worker has kept its seat.")
    @Outcome(id = "0, 1, 1", expect = ACCEPTABLE, desc = "The substitute has it.")
    @Outcome(
            expect = FORBIDDEN,
            desc = "What the worker was told; what the substitute was told; whether it is relieved.")
    public static class ResumeOrRelieve {
        private final Tenure tenure = new Tenure();

        public ResumeOrRelieve() {
            tenure.beginHandling();
        }

        @Actor
        public void worker(III_Result r) {
            r.r1 = tenure.resume() ? 1 : 0;
        }

        @Actor
        public void substitute(III_Result r) {
            r.r2 = tenure.tryRelieve() ? 1 : 0;
        }

        @Arbiter
        public void arbiter(III_Result r) {
            r.r3 = tenure.isRelieved() ? 1 : 0;
        }
    }

    /** Another reaches for the seat of a worker that goes in and out of callbacks. */
    @JCStressTest
    @State
    @Outcome(id = "1, 0", expect = ACCEPTABLE, desc = "The worker has kept its seat.")
    @Outcome(id = "0, 1", expect = ACCEPTABLE, desc = "The other has it.")
    @Outcome(expect = FORBIDDEN, desc = "What each of the two was told.")
    public static class InAndOut {
        private final Tenure tenure = new Tenure();

        @Actor
        public void worker(II_Result r) {
            boolean seated = true;
            for (int i = 0; i < 3 && seated; i++) {
                tenure.beginHandling();
                seated = tenure.resume();
            }
            r.r1 = seated ? 1 : 0;
        }

        @Actor
        public void substitute(II_Result r) {
            r.r2 = tenure.tryRelieve() ? 1 : 0;
        }
    }

    /** Who takes over sees what the worker has left. */
    @JCStressTest
    @State
    @Outcome(id = "-1", expect = ACCEPTABLE, desc = "The worker was not in callbacks yet.")
    @Outcome(id = "1", expect = ACCEPTABLE, desc = "The substitute has seen it.")
    @Outcome(expect = FORBIDDEN, desc = "What the substitute has seen.")
    public static class Leave {
        private final Tenure tenure = new Tenure();
        private int left;

        @Actor
        public void worker() {
            left = 1;
            tenure.beginHandling();
        }

        @Actor
        public void substitute(I_Result r) {
            r.r1 = tenure.tryRelieve() ? left : -1;
        }
    }
}
