package io.trafilo.bench.report;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

/** Runs as the load test might see them, the same each time. */
final class TestRuns {
    private TestRuns() {}

    static ReportRun run(String label, int round, double rate) {
        Random random = new Random(label.hashCode() + 31L * round);
        List<Sample> samples = new ArrayList<>();
        for (int i = 1; i <= 100; i++) {
            double received = rate * (1 + 0.02 * random.nextGaussian());
            double lost = i == 40 || i == 41 ? rate / 50 : 0;
            double ringFill = Math.min(1, 0.02 + Math.abs(0.03 * random.nextGaussian()) + (i == 40 ? 0.5 : 0));
            samples.add(new Sample(i / 10.0, received, received - lost, lost, ringFill));
        }
        Map<String, String> facts = new LinkedHashMap<>();
        facts.put("JDK", "17.0.15");
        facts.put("workers", "2");
        facts.put("keys", "10,000, uniform");
        return new ReportRun(
                label,
                round,
                rate,
                4000,
                1e6 / rate / 3,
                samples,
                latency(20 + 4e6 / rate),
                latency(200 + 4e6 / rate),
                facts);
    }

    static ReportRun unknown(String label, int round) {
        return new ReportRun(label, round, Double.NaN, 0, Double.NaN, List.of(), List.of(), List.of(), Map.of());
    }

    static List<ReportRun> threeRoundsOfTwo() {
        return List.of(
                run("trafilo", 1, 148_000),
                run("plain", 1, 91_000),
                run("plain", 2, 95_000),
                run("trafilo", 2, 152_000),
                run("trafilo", 3, 150_000),
                run("plain", 3, 88_000));
    }

    private static List<Percentile> latency(double median) {
        List<Percentile> points = new ArrayList<>();
        for (double nines = 0; nines < 5.5; nines += 0.1) {
            points.add(new Percentile(100 - Math.pow(10, 2 - nines), median * Math.exp(0.9 * nines) / 1.5));
        }
        for (double percentile : new double[] {50, 99, 99.9}) {
            double nines = LatencyPlot.nines(percentile);
            points.add(new Percentile(percentile, median * Math.exp(0.9 * nines) / 1.5));
        }
        points.add(new Percentile(100, 300 * median));
        return points;
    }
}
