package io.trafilo.formats;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.List;
import java.util.SplittableRandom;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/** The checks of the fuzz targets on messages with a few bytes changed, as often as the gate has time for. */
class MutationTest {
    private static final int MESSAGES = 30_000;
    private static final byte[] MARKS = "<>[]\"\\=, :-+.0123456789TZeiu#\n\r\t%".getBytes(ISO_8859_1);

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

    @Test
    void shouldTakeOfSyslogWhatTheGrammarMatches() {
        mutate(SYSLOG, SyslogFuzzTest::check);
    }

    @Test
    void shouldTakeOfInfluxLinesWhatTheGrammarMatches() {
        mutate(INFLUX, message -> {
            InfluxFuzzTest.checkLine(message);
            InfluxFuzzTest.checkMessage(message);
        });
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
