package io.trafilo.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.function.DoubleUnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What counts as growth in half an hour, with series that are made up. */
class SoakVerdictTest {
    private static final Duration LENGTH = Duration.ofMinutes(30);
    private static final int INTERVAL_SECONDS = 15;
    private static final double MIB = 1 << 20;

    /** A soak whose heap has so many MiB after so many minutes; all else stands still. */
    private static SoakVerdict heap(DoubleUnaryOperator mebibytesByMinute) {
        return verdict(seconds -> new SoakSampler.Sample(
                seconds, mebibytesByMinute.applyAsDouble(seconds / 60) * MIB, 64 * MIB, 500 * MIB, 20, 50, 300));
    }

    private interface SampleAt {
        SoakSampler.Sample of(double seconds);
    }

    private static SoakVerdict verdict(SampleAt sampleAt) {
        List<SoakSampler.Sample> samples = new ArrayList<>();
        for (int seconds = INTERVAL_SECONDS; seconds <= LENGTH.toSeconds(); seconds += INTERVAL_SECONDS) {
            samples.add(sampleAt.of(seconds));
        }
        return SoakVerdict.of(LENGTH, samples);
    }

    private static List<String> growing(SoakVerdict verdict) {
        return verdict.series().entrySet().stream()
                .filter(series -> !series.getValue().steady())
                .map(Map.Entry::getKey)
                .toList();
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10})
    void shouldPassWhenASeriesIsFlatAndNoisy(long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        assertThat(heap(minutes -> 200 * (0.85 + 0.3 * random.nextDouble())).steady())
                .as("seed %s", seed)
                .isTrue();
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10})
    void shouldCatchALeakOfOnePercentAMinuteBeneathNoise(long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        SoakVerdict verdict = heap(minutes -> 100 + minutes + 15 * random.nextDouble());
        assertThat(growing(verdict)).as("seed %s", seed).containsExactly("heap");
        assertThat(verdict.text()).contains("GROWS", "steady: false");
        assertThat(verdict.steady()).isFalse();
    }

    @Test
    void shouldPassWhenASeriesStepsUpAtTheBeginning() {
        assertThat(heap(minutes -> minutes < 3 ? 20 : 200).steady()).isTrue();
        assertThat(heap(minutes -> minutes < 8 ? 20 : 200).steady()).isTrue();
    }

    @Test
    void shouldPassWhenASeriesIsASawtooth() {
        assertThat(heap(minutes -> 100 + 40 * (minutes % 4) / 4).steady()).isTrue();
    }

    @Test
    void shouldCatchASawtoothThatRises() {
        assertThat(growing(heap(minutes -> 100 + minutes + 40 * (minutes % 4) / 4)))
                .containsExactly("heap");
    }

    @Test
    void shouldPassWhenASeriesFallsOrHasOutliers() {
        assertThat(heap(minutes -> 300 - 5 * minutes).steady()).isTrue();
        assertThat(heap(minutes -> minutes > 25 && minutes < 27 ? 2_000 : 100).steady())
                .isTrue();
    }

    @Test
    void shouldNotMindWhatIsSmallInItself() {
        assertThat(heap(minutes -> 2 + 0.2 * minutes).steady()).isTrue(); // 6 MiB, but three times what it was
    }

    @Test
    void shouldCatchEachOfTheSeries() {
        assertThat(growing(verdict(seconds -> {
                    double part = seconds / LENGTH.toSeconds();
                    return new SoakSampler.Sample(
                            seconds,
                            (100 + 20 * part) * MIB,
                            (64 + 20 * part) * MIB,
                            (500 + 60 * part) * MIB,
                            Math.floor(20 + 5 * part),
                            Math.floor(50 + 9 * part),
                            300 + 3_000 * part);
                })))
                .containsExactly("heap", "direct", "resident", "threads", "open files", "p99.9");
    }

    @Test
    void shouldNotTakeSilenceForSteadiness() {
        assertThat(SoakVerdict.of(LENGTH, List.of()).text()).contains("not known");
        List<SoakSampler.Sample> few = new ArrayList<>();
        for (int i = 0; i < 7; i++) {
            few.add(new SoakSampler.Sample(1_000 + i, 1, 1, 1, 1, 1, 1));
        }
        assertThat(SoakVerdict.of(LENGTH, few).steady()).isFalse();
        few.add(new SoakSampler.Sample(1_100, 1, 1, 1, 1, 1, 1));
        assertThat(SoakVerdict.of(LENGTH, few).steady()).isTrue();
    }

    @Test
    void shouldKeepItsFieldsWhenItIsWritten() throws Exception {
        List<SoakSampler.Sample> samples = List.of(
                new SoakSampler.Sample(1, Double.NaN, 1, 1, 1, 1, 1), new SoakSampler.Sample(2, 1, 1, 1, 1, 1, 1));
        SoakVerdict verdict = SoakVerdict.of(LENGTH, samples);
        TestJson.checkFields("{\"soak\":" + Json.line(verdict) + "}", "soak");
        assertThat(Json.line(verdict)).contains("\"heapBytes\":null");
        assertThat(Json.read(Json.line(verdict), SoakVerdict.class)).isEqualTo(verdict);
    }

    @Test
    void shouldTakeTheMedianOfAllSlopes() {
        Slope outlier = Slope.of(new double[] {1, 2, 4, 5, 6}, new double[] {10, 12, 16, 18, 90});
        assertThat(outlier.median()).isEqualTo(2);
        assertThat(Slope.of(new double[] {1}, new double[] {10})).isEqualTo(new Slope(0, 0));
        double[] many = new double[10_000];
        for (int i = 0; i < many.length; i++) {
            many[i] = i;
        }
        assertThat(Slope.of(many, many)).isEqualTo(new Slope(1, 1));
    }

    @Test
    void shouldBeLessCertainOfASlopeTheMoreItScatters() {
        SplittableRandom random = new SplittableRandom(4711);
        double[] x = new double[100];
        double[] little = new double[100];
        double[] much = new double[100];
        for (int i = 0; i < 100; i++) {
            x[i] = i;
            little[i] = i + 5 * random.nextDouble();
            much[i] = i + 500 * random.nextDouble();
        }
        assertThat(Slope.of(x, little).least()).isBetween(0.9, 1.0);
        assertThat(Slope.of(x, much).least()).isNegative();
    }
}
