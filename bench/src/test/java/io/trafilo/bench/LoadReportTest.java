package io.trafilo.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class LoadReportTest {
    private static final Duration LONG = Duration.ofSeconds(9);

    private static LoadReport atFullSpeed(long sent, long truncated) {
        LoadSettings settings = TestLoads.settings().with(0, Duration.ofSeconds(1), LONG);
        long lost = sent - 1_000;
        LoadCounts end = new LoadCounts(
                1_000, 1_000, 0, Map.of(LoadCounts.KERNEL, lost), List.of(), Map.of("truncated", truncated));
        return TestLoads.report(settings, sent, end, 1_000);
    }

    @Test
    void shouldWarnThatTheBlasterIsTheLimitWhenNothingIsLostAtFullSpeed() {
        LoadReport report = atFullSpeed(1_000, 0);

        assertThat((List<?>) report.asMap().get("warnings"))
                .singleElement()
                .asString()
                .startsWith("nothing was lost at full speed");
        assertThat(report.text()).contains("nothing was lost at full speed");
    }

    @Test
    void shouldWarnThatTheBlasterMayBeTheLimitWhenItsCeilingIsNear() {
        // in the made-up report the blaster can send one a second, and all was handled in a nanosecond
        assertThat((List<?>) atFullSpeed(2_000, 0).asMap().get("warnings"))
                .singleElement()
                .asString()
                .startsWith("the blaster alone can send 1/s");
    }

    @Test
    void shouldWarnWhenTimestampsWentEarly() {
        assertThat(atFullSpeed(2_000, 7).text()).contains("7 timestamps went early");
    }

    private static List<?> warningsAtAPace(Duration warmup, double stealPercent) {
        LoadCounts all = TestLoads.counts(1_000, 1_000, 0);
        LoadSettings settings = TestLoads.settings().with(1_000, Duration.ofSeconds(1), warmup);
        return (List<?>) TestLoads.report(settings, 1_000, all, 1_000, stealPercent)
                .asMap()
                .get("warnings");
    }

    @Test
    void shouldNotWarnWhenThePaceIsTheLimit() {
        assertThat(warningsAtAPace(LONG, 5)).isEmpty();
        assertThat(warningsAtAPace(LONG, Double.NaN)).isEmpty();
    }

    @Test
    void shouldWarnWhenTheCompilerWasAtWork() {
        assertThat(warningsAtAPace(LONG.minusMillis(1), 0))
                .singleElement()
                .asString()
                .startsWith("the warm-up was shorter than 9 s");
    }

    @Test
    void shouldWarnWhenTimeWasStolen() {
        assertThat(warningsAtAPace(LONG, 5.1)).singleElement().asString().startsWith("others on the host");
    }

    @Test
    void shouldTellOnlySettingsThatTheEngineHas() {
        assertThat(TestLoads.settings("--gro").asMap()).containsKeys("gro", "shards", "window", "receiveBuffer");
        assertThat(TestLoads.settings("--engine", "plain", "--gro").asMap())
                .containsKeys("window", "ring", "receiveBuffer")
                .doesNotContainKeys("gro", "shards");
        assertThat(TestLoads.settings("--engine", "bare", "--gro").asMap())
                .containsKeys("gro", "receiveBuffer")
                .doesNotContainKeys("window", "ring");
    }
}
