package io.trafilo.stress;

import java.util.Map;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.openjdk.jcstress.JCStress;
import org.openjdk.jcstress.Options;
import org.openjdk.jcstress.infra.Status;
import org.openjdk.jcstress.infra.collectors.DiskReadCollector;
import org.openjdk.jcstress.infra.collectors.TestResult;

/**
 * Runs jcstress with its own options. Unlike jcstress alone, fails if a selected test has not run, if none was selected, or
 * if the run takes longer than the minutes in the system property {@code stress.limitMinutes}.
 */
final class StressGate {
    private StressGate() {}

    public static void main(String[] args) throws Exception {
        Options options = new Options(args);
        if (!options.parse()) {
            System.exit(2);
        }
        startWatch(Long.getLong("stress.limitMinutes", 60));
        JCStress stress = new JCStress(options);
        SortedSet<String> tests = stress.getTests();
        if (tests.isEmpty()) {
            throw new AssertionError("no test is selected");
        }
        stress.run(); // throws on a forbidden outcome, an error or a timeout
        Map<String, Long> samples = samplesByTest(options.getResultFile());
        tests.removeIf(test -> samples.getOrDefault(test, 0L) > 0);
        if (!tests.isEmpty()) {
            throw new AssertionError("tests that did not run: " + tests);
        }
        System.out.println("All " + samples.size() + " tests have run and passed.");
    }

    /** A JVM forked by jcstress does not end by itself when a test in it hangs, nor when this JVM ends. */
    private static void startWatch(long limitMinutes) {
        Thread watch = new Thread(() -> {
            try {
                TimeUnit.MINUTES.sleep(limitMinutes);
            } catch (InterruptedException e) {
                return;
            }
            System.err.println("not done after " + limitMinutes + " minutes: a test hangs, or the limit is too low");
            ProcessHandle.current().descendants().forEach(ProcessHandle::destroyForcibly);
            Runtime.getRuntime().halt(1);
        });
        watch.setDaemon(true);
        watch.start();
    }

    private static Map<String, Long> samplesByTest(String file) throws Exception {
        Map<String, Long> samples = new TreeMap<>();
        DiskReadCollector results = new DiskReadCollector(file, result -> add(samples, result));
        try {
            results.dump();
        } finally {
            results.close();
        }
        return samples;
    }

    private static void add(Map<String, Long> samples, TestResult result) {
        if (result.status() == Status.NORMAL) {
            samples.merge(result.getName(), result.getTotalCount(), Long::sum);
        }
    }
}
