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

/** Who has a worker's seat when another thread tries to take it. */
public final class TenureStressTest {
    private TenureStressTest() {}

    /** The worker returns from its callbacks just as it is relieved. */
    @JCStressTest
    @State
    @Outcome(id = "1, 0, 0", expect = ACCEPTABLE, desc = "The worker kept its seat.")
    @Outcome(id = "0, 1, 1", expect = ACCEPTABLE, desc = "The substitute has it.")
    @Outcome(
            expect = FORBIDDEN,
            desc = "Whether the worker resumed; whether the substitute has the seat; whether the worker is relieved.")
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

    /** Another thread tries to take the seat of a worker that enters and leaves callbacks. */
    @JCStressTest
    @State
    @Outcome(id = "1, 0", expect = ACCEPTABLE, desc = "The worker kept its seat.")
    @Outcome(id = "0, 1", expect = ACCEPTABLE, desc = "The other thread has it.")
    @Outcome(expect = FORBIDDEN, desc = "Whether the worker, and the other thread, has the seat.")
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

    /** The substitute sees what the worker wrote before. */
    @JCStressTest
    @State
    @Outcome(id = "-1", expect = ACCEPTABLE, desc = "The worker was not in callbacks yet.")
    @Outcome(id = "1", expect = ACCEPTABLE, desc = "The substitute saw the write.")
    @Outcome(expect = FORBIDDEN, desc = "What the substitute saw.")
    public static class Handover {
        private final Tenure tenure = new Tenure();
        private int written;

        @Actor
        public void worker() {
            written = 1;
            tenure.beginHandling();
        }

        @Actor
        public void substitute(I_Result r) {
            r.r1 = tenure.tryRelieve() ? written : -1;
        }
    }
}
