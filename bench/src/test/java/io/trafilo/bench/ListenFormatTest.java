package io.trafilo.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.awaitility.Awaitility.await;

import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** {@code listen} with the formats that people send. */
@Timeout(120)
class ListenFormatTest {
    private static final Pattern ADDRESS = Pattern.compile("listening on 127\\.0\\.0\\.1:(\\d+)");

    private final TestConsole console = new TestConsole();

    /** Sends one message, and gives the last window of each key. */
    private Map<String, Map<String, Object>> lastWindows(String message, String... arguments) throws Exception {
        List<String> line = new ArrayList<>(List.of("--json", "--window", "60s"));
        line.addAll(List.of(arguments));
        listen(message, line);
        Map<String, Map<String, Object>> last = new HashMap<>();
        console.out().lines().map(TestJson::object).forEach(window -> last.put((String) window.get("key"), window));
        return last;
    }

    private void listen(String message, List<String> arguments) throws Exception {
        List<String> line =
                new ArrayList<>(List.of("listen", "--port", "0", "--slide", "20ms", "--duration", "1500ms"));
        line.addAll(arguments);
        CompletableFuture<Integer> exit = CompletableFuture.supplyAsync(() -> console.run(line.toArray(new String[0])));
        await().atMost(20, TimeUnit.SECONDS)
                .until(() -> ADDRESS.matcher(console.err()).find());
        Matcher address = ADDRESS.matcher(console.err());
        assertThat(address.find()).isTrue();
        byte[] bytes = message.getBytes(StandardCharsets.UTF_8);
        try (DatagramSocket socket = new DatagramSocket()) {
            int port = Integer.parseInt(address.group(1));
            socket.send(new DatagramPacket(
                    bytes, bytes.length, new InetSocketAddress(InetAddress.getLoopbackAddress(), port)));
        }
        assertThat(exit.get(30, TimeUnit.SECONDS)).isZero();
    }

    private static double number(Map<String, Object> window, String field) {
        return ((Number) window.get(field)).doubleValue();
    }

    @Test
    void shouldPrintTheAggregatesOfStatsD() throws Exception {
        Map<String, Map<String, Object>> windows = lastWindows(
                "lat:10|ms\nlat:30|ms\nbad\nlat:20|ms|@0.5\nids:a|s\nids:b|s\nids:a|s\n", "--format", "statsd");
        assertThat(windows).containsOnlyKeys("lat", "ids");
        Map<String, Object> lat = windows.get("lat");
        assertThat(lat).containsEntry("count", 3L).containsEntry("total", 3L);
        assertThat(number(lat, "weightedCount")).isEqualTo(4);
        assertThat(number(lat, "sum")).isEqualTo(80);
        assertThat(number(lat, "mean")).isEqualTo(20);
        assertThat(number(lat, "min")).isEqualTo(10);
        assertThat(number(lat, "max")).isEqualTo(30);
        assertThat(number(lat, "p50")).isCloseTo(20, within(0.2));
        assertThat(number(lat, "p99")).isCloseTo(20, within(10.3));
        Map<String, Object> ids = windows.get("ids");
        assertThat(ids).containsEntry("count", 3L).containsEntry("mean", null);
        assertThat(number(ids, "distinct")).isCloseTo(2, within(0.1));
        assertThat(console.err()).containsPattern("rejected +1\n");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '!',
            value = {
                "--format dogstatsd ! req:5|c|#region:eu,env:prod ! req",
                "--format dogstatsd --key env,region ! req:5|c|#region:eu,env:prod ! req,env=prod,region=eu",
                "--format dogstatsd --key name,env ! req:5|c|#region:eu,env:prod ! req,env=prod",
                "--format graphite --key host ! disk.used;host=db-1;rack=3 5 -1 ! disk.used,host=db-1",
                "--format influx --key station --field temp ! weather,station=kiel temp=5,hum=80i ! weather,station=kiel"
            })
    void shouldKeyByTheChosenTags(String arguments, String message, String key) throws Exception {
        Map<String, Map<String, Object>> windows = lastWindows(message, arguments.split(" ", -1));
        assertThat(windows).containsOnlyKeys(key);
        assertThat(number(windows.get(key), "sum")).isEqualTo(5);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '!',
            value = {
                "--format token ! a 1 ! a",
                "--format lines ! a 1|b 2 ! a,b",
                "--format token --key sender ! a 1 ! 127.0.0.1",
                "--format lines --key sender ! a 1|b 2 ! 127.0.0.1",
                "--format syslog ! <30>1 2024-05-06T07:08:09Z gw1 web 4411 - - ready ! gw1",
                "--format syslog --key app ! <30>1 2024-05-06T07:08:09Z gw1 web 4411 - - ready ! web"
            })
    void shouldPrintTheFieldsOfBeforeWhenTheFormatHasNoValues(String arguments, String message, String keys)
            throws Exception {
        Map<String, Map<String, Object>> windows = lastWindows(message.replace('|', '\n'), arguments.split(" ", -1));
        assertThat(windows).containsOnlyKeys(keys.split(",", -1));
        assertThat(windows.values()).allSatisfy(window -> assertThat(window).doesNotContainKey("sum"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '!',
            value = {
                "--format statsd --key env ! --key: env (expected: name",
                "--format token --key host ! --key: host (expected: sender",
                "--format syslog --key tag ! --key: tag (expected: host, app",
                "--format syslog --key host,host ! --key: host,host (expected: each part once",
                "--format dogstatsd --key env,env ! --key: env,env (expected: name or the names of tags",
                "--format graphite --field temp ! --field: temp (expected: --format influx",
                "--format ganglia ! --format: ganglia (expected: token"
            })
    void shouldSayWhatIsWrongWithAKey(String arguments, String expected) {
        List<String> line = new ArrayList<>(List.of("listen", "--port", "0"));
        line.addAll(List.of(arguments.split(" ", -1)));
        assertThat(console.run(line.toArray(new String[0]))).isEqualTo(2);
        assertThat(console.err()).contains(expected);
    }
}
