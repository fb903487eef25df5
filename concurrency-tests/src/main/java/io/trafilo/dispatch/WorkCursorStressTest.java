package io.trafilo.dispatch;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.III_Result;
import org.openjdk.jcstress.infra.results.IJ_Result;
import org.openjdk.jcstress.infra.results.JJJJ_Result;

/** How workers share the sequences of a ring, and how they hold its publishers back. */
public final class WorkCursorStressTest {
    private WorkCursorStressTest() {}

    /** Two workers claim one run each out of six sequences. */
    @JCStressTest
    @State
    @Outcome(id = "0, 2, 3, 4", expect = ACCEPTABLE, desc = "The first worker first: half of six, then half of three.")
    @Outcome(id = "3, 4, 0, 2", expect = ACCEPTABLE, desc = "The second worker first.")
    @Outcome(expect = FORBIDDEN, desc = "A sequence was claimed twice, left out, or the share was not fair.")
    public static class FairShare {
        private final WorkCursor cursor = new WorkCursor(2, 64);

        @Actor
        public void first(JJJJ_Result r) {
            r.r2 = cursor.claim(0, 5);
            r.r1 = cursor.firstOfRun(0);
        }

        @Actor
        public void second(JJJJ_Result r) {
            r.r4 = cursor.claim(1, 5);
            r.r3 = cursor.firstOfRun(1);
        }
    }

    /** The same, with runs of two at most. */
    @JCStressTest
    @State
    @Outcome(id = "0, 1, 2, 3", expect = ACCEPTABLE, desc = "The first worker first.")
    @Outcome(id = "2, 3, 0, 1", expect = ACCEPTABLE, desc = "The second worker first.")
    @Outcome(expect = FORBIDDEN, desc = "A sequence was claimed twice, left out, or a run was too long.")
    public static class LongestRun {
        private final WorkCursor cursor = new WorkCursor(2, 2);

        @Actor
        public void first(JJJJ_Result r) {
            r.r2 = cursor.claim(0, 5);
            r.r1 = cursor.firstOfRun(0);
        }

        @Actor
        public void second(JJJJ_Result r) {
            r.r4 = cursor.claim(1, 5);
            r.r3 = cursor.firstOfRun(1);
        }
    }

    /** Two workers claim runs until nothing is left. */
    @JCStressTest
    @State
    @Outcome(id = "65535, 0, 15", expect = ACCEPTABLE, desc = "Each of the 16 sequences was claimed once.")
    @Outcome(expect = FORBIDDEN, desc = "Sequences claimed; those claimed twice; read at the end.")
    public static class WholeRange {
        private static final long LAST = 15;

        private final WorkCursor cursor = new WorkCursor(2, 3);
        private int first;
        private int second;

        @Actor
        public void first() {
            first = claimAll(0);
        }

        @Actor
        public void second() {
            second = claimAll(1);
        }

        private int claimAll(int worker) {
            int claimed = 0;
            for (long last = cursor.claim(worker, LAST); last >= 0; last = cursor.claim(worker, LAST)) {
                for (long sequence = cursor.firstOfRun(worker); sequence <= last; sequence++) {
                    claimed |= 1 << sequence;
                }
                cursor.finish(worker);
            }
            return claimed;
        }

        @Arbiter
        public void arbiter(III_Result r) {
            r.r1 = first | second;
            r.r2 = first & second;
            r.r3 = (int) cursor.get();
        }
    }

    /** A publisher overwrites free slots while a worker claims, reads and finishes one run. */
    @JCStressTest
    @State
    @Outcome(id = "0, -1", expect = ACCEPTABLE, desc = "No slot was free.")
    @Outcome(id = "0, 1", expect = ACCEPTABLE, desc = "The run was read and free.")
    @Outcome(expect = FORBIDDEN, desc = "Slots overwritten before they were read; the highest free sequence.")
    public static class GateOfOneRun {
        private final WorkCursor cursor = new WorkCursor(1, 2);
        private final int[] slots = new int[4];

        @Actor
        public void worker(IJ_Result r) {
            long last = cursor.claim(0, 3);
            int overwritten = 0;
            for (long sequence = cursor.firstOfRun(0); sequence <= last; sequence++) {
                overwritten += slots[(int) sequence];
            }
            cursor.finish(0);
            r.r1 = overwritten;
        }

        @Actor
        public void publisher(IJ_Result r) {
            r.r2 = overwriteFree(cursor, slots);
        }
    }

    /** The same with two runs claimed. The earlier one is the closer's; the later one is finished first. */
    @JCStressTest
    @State
    @Outcome(id = "0, -1", expect = ACCEPTABLE, desc = "No slot was free.")
    @Outcome(id = "0, 0", expect = ACCEPTABLE, desc = "The first run was free, the second not claimed yet.")
    @Outcome(id = "0, 1", expect = ACCEPTABLE, desc = "Both runs were read and free.")
    @Outcome(expect = FORBIDDEN, desc = "Slots overwritten before they were read; the highest free sequence.")
    public static class GateOfTwoRuns {
        private final WorkCursor cursor = new WorkCursor(1, 1);
        private final int[] slots = new int[2];

        @Actor
        public void workers(IJ_Result r) {
            int earlier = (int) cursor.claim(cursor.closer(), 1);
            int later = (int) cursor.claim(0, 1);
            int overwritten = slots[later];
            cursor.finish(0);
            overwritten += slots[earlier];
            cursor.finish(cursor.closer());
            r.r1 = overwritten;
        }

        @Actor
        public void publisher(IJ_Result r) {
            r.r2 = overwriteFree(cursor, slots);
        }
    }

    /** A worker claims a run while another, which has just failed to claim it, keeps an outdated position. */
    @JCStressTest
    @State
    @Outcome(id = "0, 3", expect = ACCEPTABLE, desc = "No slot was overwritten, and none is held back forever.")
    @Outcome(
            expect = FORBIDDEN,
            desc = "Slots overwritten before they were read; the highest free sequence at the end.")
    public static class GateOfRivals {
        private final WorkCursor cursor = new WorkCursor(2, 1);
        private final int[] slots = new int[4];
        private int first;
        private int second;

        @Actor
        public void first() {
            first = readAll(0);
        }

        @Actor
        public void second() {
            second = readAll(1);
        }

        private int readAll(int worker) {
            int overwritten = 0;
            for (long last = cursor.claim(worker, 3); last >= 0; last = cursor.claim(worker, 3)) {
                overwriteFree(cursor, slots, 1);
                overwritten += slots[(int) last];
                cursor.finish(worker);
            }
            return overwritten;
        }

        @Arbiter
        public void arbiter(IJ_Result r) {
            r.r1 = first + second;
            r.r2 = cursor.get();
        }
    }

    private static long overwriteFree(WorkCursor cursor, int[] slots) {
        return overwriteFree(cursor, slots, 64);
    }

    /** Looks a few times for free slots and overwrites them. Returns the highest, or -1 if there was none. */
    private static long overwriteFree(WorkCursor cursor, int[] slots, int looks) {
        long free = -1;
        for (int i = 0; i < looks && free < 0; i++) {
            free = cursor.get();
        }
        for (int sequence = 0; sequence <= free; sequence++) {
            slots[sequence] = 1;
        }
        return free;
    }
}
