package io.trafilo.formats;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.List;
import java.util.SplittableRandom;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** The checks of the fuzz targets on messages with a few bytes changed, as often as the gate has time for. */
class MutationTest {
    private static final int MESSAGES = 30_000;
    private static final byte[] MARKS = "<>[]{}\"\\=, :;|@_-+.0123456789TZceimsu#\n\r\t%".getBytes(ISO_8859_1);

    private static final List<String> SYSLOG = List.of(
            "<165>1 2024-05-06T07:08:09.123456Z gw1 dhcpd 812 LEASE [a@1 k=\"1\" l=\"\\\"x\"][b] text",
            "<0>1 - - - - - [a][a] \uFEFFx",
            "<0>1 2024-02-29T07:08:09+02:00 - - - - -",
            "<34>Oct 11 22:14:15 gw1 su[77]: x",
            "<34>Feb 29 22:14:15 last message repeated 3 times",
            "<166>Jul 14 2013 16:44:40: %ASA-6-302013: Built",
            "<189>45: gw1: *Mar  1 18:46:11.123 UTC: %SYS-5-X: m",
            "<30>2024-05-06T07:08:09.1+02:00 2001:db8::7 dhcpd[812]: x");

    private static final List<String> INFLUX = List.of(
            "weather,a=kiel,b=c v=11.5,hum=80i,s=\"x \\\"y\\\\\",o=t,p=True,q=false 1718000123000000000",
            "a\\,b\\ c,a=\\= v=9223372036854775807i,w=18446744073709551615u,x=-1.e-5,y=.5E+3 -5",
            "# c\r\n\n  a v=\"x\ny\",w=F\nb,a=1 v=1\r\n");

    private static final List<String> STATSD = List.of(
            "shop.basket.added:1|c",
            "page.render:12.75|ms|@0.5",
            "mail.queue:-3|g\r\nsite.users:anna|s\n",
            "disk.io:3|c:4|c:5|ms|@.1",
            "bytes.out:1e3|c\n\nGET /api/v1:7|h");

    private static final List<String> DOGSTATSD = List.of(
            "a:220:240.5:1e2|ms|@0.1|#b:x,a:y,canary|c:ci-83c0|T1718000123",
            "_e{6,9}:Deploy|to\\nprod|p:low|t:info|d:17|#a:prod",
            "_sc|db.reachable|2|h:web-1|#b:prod|d:5|m:no route",
            "site.users:anna:1|s\njobs.done:1|c|e:it-false,cn-w|card:low\n");

    private static final List<String> GRAPHITE = List.of(
            "site.kiel.rack3.temp 21.5 1718000123",
            "disk.used;a=db-1;b=9 71.5 -1\r\na.b nan 1\n",
            "  a.b\t-1.5e3   1718000123.25  ");

    private static Stream<Arguments> formats() {
        return Stream.of(
                format("StatsD", STATSD, FormatsFuzzTest::checkStatsD),
                format("DogStatsD", DOGSTATSD, FormatsFuzzTest::checkDogStatsD),
                format("Graphite", GRAPHITE, FormatsFuzzTest::checkGraphite),
                format("syslog", SYSLOG, SyslogFuzzTest::check),
                format("Influx", INFLUX, message -> {
                    InfluxFuzzTest.checkLine(message);
                    InfluxFuzzTest.checkMessage(message);
                }));
    }

    private static Arguments format(String name, List<String> seeds, Consumer<byte[]> check) {
        return Arguments.of(name, seeds, check);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("formats")
    void shouldHoldOfMessagesThatAreNearlyRight(String name, List<String> seeds, Consumer<byte[]> check) {
        mutate(seeds, check);
    }

    private static void mutate(List<String> seeds, Consumer<byte[]> check) {
        long seed = System.nanoTime();
        SplittableRandom random = new SplittableRandom(seed);
        for (int i = 0; i < MESSAGES; i++) {
            byte[] message = seeds.get(random.nextInt(seeds.size())).getBytes(UTF_8);
            for (int changes = random.nextInt(4); changes > 0 && message.length > 0; changes--) {
                message = change(message, random);
            }
            try {
                check.accept(message);
            } catch (AssertionError | RuntimeException e) {
                throw new AssertionError("seed " + seed + ": " + new String(message, ISO_8859_1), e);
            }
        }
    }

    /** Replaces, inserts or removes a byte, copies a run of them to another place, or cuts the end off. */
    private static byte[] change(byte[] message, SplittableRandom random) {
        StringBuilder text = new StringBuilder(new String(message, ISO_8859_1));
        int at = random.nextInt(text.length());
        char mark = (char) (random.nextInt(8) == 0 ? random.nextInt(256) : MARKS[random.nextInt(MARKS.length)]);
        switch (random.nextInt(5)) {
            case 0 -> text.setCharAt(at, mark);
            case 1 -> text.insert(at, mark);
            case 2 -> text.deleteCharAt(at);
            case 3 ->
                text.insert(
                        random.nextInt(text.length()),
                        text.substring(at, Math.min(text.length(), at + random.nextInt(12))));
            default -> text.setLength(random.nextInt(8) == 0 ? at : text.length());
        }
        return text.toString().getBytes(ISO_8859_1);
    }
}
