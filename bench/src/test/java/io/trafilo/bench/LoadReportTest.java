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

    private static String text(LoadReport report) {
        return LoadText.console(LoadRun.of(report));
    }

    private static Map<String, Object> applied(String... options) {
        return TestJson.object(Json.line(TestLoads.settings(options).applied()));
    }

    @Test
    void shouldWarnThatTheBlasterIsTheLimitWhenNothingIsLostAtFullSpeed() {
        LoadReport report = atFullSpeed(1_000, 0);

        assertThat(report.warnings()).singleElement().asString().startsWith("nothing was lost at full speed");
        assertThat(text(report)).contains("nothing was lost at full speed");
    }

    @Test
    void shouldWarnThatTheBlasterMayBeTheLimitWhenItsCeilingIsNear() {
        // in the made-up report the blaster can send one a second, and all was handled in a nanosecond
        assertThat(atFullSpeed(2_000, 0).warnings())
                .singleElement()
                .asString()
                .startsWith("the blaster alone can send not much more");
    }

    @Test
    void shouldWarnWhenTimestampsWentEarly() {
        assertThat(text(atFullSpeed(2_000, 7))).contains("timestamps went early (truncated)");
    }

    private static List<String> warningsAtAPace(Duration warmup, double stealPercent) {
        LoadCounts all = TestLoads.counts(1_000, 1_000, 0);
        LoadSettings settings = TestLoads.settings().with(1_000, Duration.ofSeconds(1), warmup);
        return TestLoads.report(settings, 1_000, all, 1_000, stealPercent).warnings();
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
        assertThat(applied("--gro")).containsKeys("gro", "shards", "window", "receiveBuffer");
        assertThat(applied("--engine", "plain", "--gro"))
                .containsKeys("window", "ring", "receiveBuffer")
                .doesNotContainKeys("gro", "shards");
        assertThat(applied("--engine", "bare", "--gro"))
                .containsKeys("gro", "receiveBuffer")
                .doesNotContainKeys("window", "ring");
    }
}
