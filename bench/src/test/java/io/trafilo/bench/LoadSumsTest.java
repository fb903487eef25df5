package io.trafilo.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.reflect.Proxy;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The checker of a load run: what is lost on purpose, here in the tests, must fail the run. */
@Timeout(60)
class LoadSumsTest {
    private final TestConsole console = new TestConsole();

    @Test
    void shouldNotCloseTheSumsWhenOneInAMillionIsLost() {
        long million = 1_000_000;
        LoadCounts whole = TestLoads.counts(million, million, 0);
        assertThat(TestLoads.report(million, whole, million).conserved()).isTrue();
        // not received, not handled, not taken by the handler though counted: one each
        LoadReport missing = TestLoads.report(million + 1, whole, million);
        assertThat(missing.conserved()).isFalse();
        assertThat(LoadText.console(LoadRun.of(missing)))
                .contains("conserved: false", "sent = 1000001, but received + kernelDropped = 1000000");
        assertThat(TestLoads.report(million, TestLoads.counts(million, million - 1, 1), million - 1)
                        .conserved())
                .isFalse();
        assertThat(TestLoads.report(million, whole, million - 1).conserved()).isFalse();
    }

    @ParameterizedTest
    @CsvSource({"--gro --gso 16, 10, 150", "--gro, 10, 0", "--gso 16, 10, 0", "--engine plain --gro --gso 16, 10, 0"})
    void shouldLetADropStandForAPacketOnlyWhenTheListenerTakesPacketsWhole(String options, long drops, long open) {
        LoadSettings settings = TestLoads.settings(options.split(" "));
        LoadCounts end = new LoadCounts(1_000, 1_000, 0, Map.of(LoadCounts.KERNEL, drops), List.of(), Map.of());
        assertThat(TestLoads.report(settings, 1_000 + drops + open, end, 1_000).conserved())
                .isTrue();
        assertThat(TestLoads.report(settings, 1_000 + drops + open + 1, end, 1_000)
                        .conserved())
                .isFalse();
    }

    @Test
    void shouldCountAsLostAllThatWasSentInThePhaseAndNotHandled() {
        LoadCounts before = new LoadCounts(100, 100, 0, Map.of(LoadCounts.KERNEL, 5L), List.of(), Map.of());
        LoadCounts after = new LoadCounts(460, 460, 0, Map.of(LoadCounts.KERNEL, 15L), List.of(), Map.of());
        LoadPhase phase = new LoadPhase(BlastResult.of(1_000, 1, 0, Map.of()), before, after, 1);
        // under UDP_GRO: each of the kernel's ten drops was one of 64
        assertThat(phase.counts().lost()).isEqualTo(640);
        assertThat(phase.counts().lostByLayer()).isEqualTo(Map.of("kernel", 10L));
    }

    @Test
    void shouldFailTheRunWhenAnEventIsLostBetweenSocketAndHandler() {
        assertThat(run((settings, latencies, err) -> changed(
                        LoadTest.open(settings, latencies, err), "counts", result -> oneLess((LoadCounts) result))))
                .isEqualTo(1);
        assertThat(console.out()).contains("conserved: false", "but the handler measured");
    }

    @Test
    void shouldPassTheRunWhenNothingIsLostOnTheWay() {
        assertThat(run(behindRelay(0))).as(console.out() + console.err()).isZero();
        assertThat(console.out()).contains("conserved: true");
    }

    @Test
    void shouldFailTheRunAndSayItOnThePageWhenADatagramIsLostOnTheWay(@TempDir Path directory) throws IOException {
        Path json = directory.resolve("load.json");
        Path page = directory.resolve("page");
        assertThat(run(behindRelay(1), "--json", json.toString(), "--report", page.toString()))
                .isEqualTo(1);
        assertThat(console.out()).contains("conserved: false", "but received + kernelDropped");
        Map<String, Object> report = TestJson.object(Files.readString(json));
        assertThat(report).containsEntry("conserved", false);
        assertThat((Long) report.get("received")).isEqualTo((Long) report.get("sent") - 1);
        assertThat((String) TestJson.ofPage(page.resolve("index.html")).get("note"))
                .startsWith("The run failed, its sums do not close: sent = ");
    }

    @Test
    void shouldMeasureUntilNothingIsLeftToDoWhenADropIsNotKnown() {
        List<String> calls = new ArrayList<>();
        LoadTest.TargetFactory lossy = behindRelay(1);
        run((settings, latencies, err) -> {
            LoadTarget target = lossy.open(settings, latencies, err);
            for (String name : List.of("counts", "retainedTimestamps")) {
                target = changed(target, name, result -> {
                    calls.add(name);
                    return result;
                });
            }
            return target;
        });
        // it looks for the datagram that does not come, long after
        List<String> after = calls.subList(calls.indexOf("retainedTimestamps") + 1, calls.size());
        assertThat(after).containsOnly("counts").hasSizeGreaterThan(20);
    }

    /** So few that they fit into any receive buffer: what is lost is lost on purpose. */
    private int run(LoadTest.TargetFactory targets, String... more) {
        return TestLoads.line(new LoadCommand(console.console(), targets), "--rate=500", "--duration=400ms", more);
    }

    private static LoadTest.TargetFactory behindRelay(int lost) {
        return (settings, latencies, err) -> {
            LoadTarget whole = LoadTest.open(settings, latencies, err);
            LossyRelay relay = LossyRelay.to(whole.socket().address(), lost);
            return changed(
                    changed(whole, "socket", socket -> new LoadTarget.Socket(relay.address(), "relay", 1)),
                    "close",
                    none -> {
                        relay.close();
                        return none;
                    });
        };
    }

    private static LoadCounts oneLess(LoadCounts counts) {
        return TestLoads.counts(counts.received(), Math.max(0, counts.handled() - 1), 0);
    }

    /** The target with one method's results changed. */
    private static LoadTarget changed(LoadTarget whole, String name, UnaryOperator<Object> change) {
        return (LoadTarget) Proxy.newProxyInstance(
                LoadTarget.class.getClassLoader(),
                List.of(LoadTarget.class).toArray(Class<?>[]::new),
                (proxy, method, arguments) -> {
                    Object result = method.invoke(whole, arguments);
                    return method.getName().equals(name) ? change.apply(result) : result;
                });
    }
}
