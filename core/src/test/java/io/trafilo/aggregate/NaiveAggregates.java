package io.trafilo.aggregate;

import static org.assertj.core.api.Assertions.assertThat;

import io.trafilo.AggregateSet;
import java.math.BigDecimal;
import java.math.MathContext;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;

/** The events of a window in a list, and what they come to by exact arithmetic. */
final class NaiveAggregates {
    private record Event(long nanos, double value, double weight, int item) {
        boolean hasValue() {
            return !Double.isNaN(value);
        }
    }

    private static final MathContext DIGITS = new MathContext(80);

    private final List<Event> events = new ArrayList<>();
    private final List<Event> all = new ArrayList<>();

    static long hash(int item) {
        return new SplittableRandom(item).nextLong();
    }

    boolean isEmpty() {
        return events.isEmpty();
    }

    boolean has(long nanos) {
        return events.stream().anyMatch(event -> event.nanos == nanos);
    }

    /** If there is no room, the oldest goes. */
    void add(long nanos, double value, double weight, int item, boolean full) {
        Event event = new Event(nanos, value, weight, item);
        all.add(event);
        int place = events.size();
        while (place > 0 && events.get(place - 1).nanos - nanos > 0) {
            place--;
        }
        if (full && nanos - events.get(0).nanos <= 0) {
            return;
        }
        events.add(place, event);
        if (full) {
            events.remove(0);
        }
    }

    int evictBefore(long boundNanos) {
        int before = events.size();
        events.removeIf(event -> event.nanos - boundNanos < 0);
        return before - events.size();
    }

    int clear() {
        int count = events.size();
        events.clear();
        all.clear();
        return count;
    }

    void check(
            WindowAggregates window, AggregateSet set, long itemPaneNanos, long startNanos, SplittableRandom random) {
        if (set.hasSum()) {
            checkSum(window);
        }
        if (set.hasMin()) {
            double min = values().stream().mapToDouble(Event::value).min().orElse(Double.NaN);
            assertThat(window.min() + 0.0).as("min").isEqualTo(Double.valueOf(min + 0.0));
        }
        if (set.hasMax()) {
            double max = values().stream().mapToDouble(Event::value).max().orElse(Double.NaN);
            assertThat(window.max() + 0.0).as("max").isEqualTo(Double.valueOf(max + 0.0));
        }
        if (set.hasWeightedCount()) {
            assertThat(window.weightedCount())
                    .as("weightedCount")
                    .isEqualTo(weight(events).doubleValue());
        }
        if (set.hasDeviation()) {
            checkDeviation(window);
        }
        if (set.hasQuantiles()) {
            checkQuantiles(window, set, random);
        }
        if (set.hasDistinct()) {
            checkDistinct(window, set, itemPaneNanos, startNanos);
        }
    }

    private List<Event> values() {
        return events.stream().filter(Event::hasValue).toList();
    }

    private static BigDecimal exact(double value) {
        return new BigDecimal(value);
    }

    private static BigDecimal weight(List<Event> of) {
        return of.stream().map(event -> exact(event.weight)).reduce(BigDecimal.ZERO, BigDecimal::add);
    }

    /** What {@link AggregateSet#sum} promises. */
    private void checkSum(WindowAggregates window) {
        BigDecimal sum = BigDecimal.ZERO;
        BigDecimal absolute = BigDecimal.ZERO;
        for (Event event : values()) {
            BigDecimal product = exact(event.weight).multiply(exact(event.value));
            sum = sum.add(product);
            absolute = absolute.add(product.abs());
        }
        BigDecimal allowed =
                sum.abs().multiply(exact(0x1p-53)).add(absolute.multiply(exact((values().size() + 64) * 0x1p-104)));
        BigDecimal error = exact(window.sum()).subtract(sum).abs();
        if (error.compareTo(allowed) > 0) {
            throw new AssertionError("sum: " + window.sum() + " (exactly: " + sum + ", error " + error.doubleValue()
                    + ", allowed: " + allowed.doubleValue() + ")");
        }
        if (values().isEmpty()) {
            assertThat(window.mean()).as("mean").isNaN();
        } else {
            double mean = sum.divide(weight(values()), DIGITS).doubleValue();
            double rounding = 4 * Math.ulp(mean) + absolute.doubleValue() * 0x1p-90;
            assertThat(window.mean()).as("mean").isBetween(mean - rounding, mean + rounding);
        }
    }

    private void checkDeviation(WindowAggregates window) {
        if (values().isEmpty()) {
            assertThat(window.standardDeviation()).as("standardDeviation").isNaN();
            return;
        }
        BigDecimal weight = weight(values());
        BigDecimal sum = BigDecimal.ZERO;
        BigDecimal squares = BigDecimal.ZERO;
        for (Event event : values()) {
            sum = sum.add(exact(event.weight).multiply(exact(event.value)));
            squares =
                    squares.add(exact(event.weight).multiply(exact(event.value).pow(2)));
        }
        BigDecimal mean = sum.divide(weight, DIGITS);
        double meanSquare = squares.divide(weight, DIGITS).doubleValue();
        double variance = squares.divide(weight, DIGITS).subtract(mean.pow(2)).doubleValue();
        double deviation = window.standardDeviation();
        double allowed = 1e-14 * variance + (values().size() + 64) * 0x1p-100 * meanSquare;
        assertThat(deviation * deviation).as("variance").isBetween(variance - allowed, variance + allowed);
    }

    private void checkQuantiles(WindowAggregates window, AggregateSet set, SplittableRandom random) {
        QuantileBuckets counted = new QuantileBuckets(new BucketIndex(set.relativeError())); // in another order
        for (int i = events.size() - 1; i >= 0; i--) {
            counted.add(events.get(i).value, events.get(i).weight);
        }
        for (double q : new double[] {0, 1, 0.5, random.nextDouble()}) {
            double quantile = window.quantile(q);
            assertThat(quantile).as("quantile %s", q).isEqualTo(Double.valueOf(counted.quantile(q)));
            assertThat(window.quantiles().applyAsDouble(q)).isEqualTo(Double.valueOf(quantile));
            if (!values().isEmpty()) {
                checkQuantile(set, q, quantile);
            }
        }
    }

    private void checkQuantile(AggregateSet set, double q, double quantile) {
        List<Event> sorted = values().stream()
                .sorted(Comparator.comparingDouble(Event::value))
                .toList();
        double rank = Math.max(0, q * (weight(sorted).doubleValue() - 1));
        double seen = sorted.get(0).weight;
        int i = 0;
        while (seen <= rank && i < sorted.size() - 1) {
            i++;
            seen += sorted.get(i).weight;
        }
        double expected = sorted.get(i).value;
        double error = set.relativeError() * (1 + 1e-9) * Math.abs(expected);
        double greatest = sorted.stream()
                .mapToDouble(Event::value)
                .filter(value -> value * expected > 0)
                .map(Math::abs)
                .max()
                .orElse(0);
        if (Math.log(greatest / Math.abs(expected)) <= 4000 * set.relativeError()) {
            assertThat(quantile).as("quantile %s", q).isBetween(expected - error, expected + error);
        }
    }

    /** What {@link AggregateSet#distinct(int)} promises, with six times the standard error. */
    private void checkDistinct(WindowAggregates window, AggregateSet set, long itemPaneNanos, long startNanos) {
        Set<Integer> least = new HashSet<>();
        Set<Integer> most = new HashSet<>();
        events.forEach(event -> least.add(event.item));
        all.stream()
                .filter(event -> event.nanos - (startNanos - itemPaneNanos) > 0)
                .forEach(event -> most.add(event.item));
        double error = 6 * 0.78 / Math.sqrt(1 << set.precision());
        assertThat((double) window.distinct())
                .as("distinct")
                .isBetween(least.size() * (1 - error) - 1, most.size() * (1 + error) + 1);
    }
}
