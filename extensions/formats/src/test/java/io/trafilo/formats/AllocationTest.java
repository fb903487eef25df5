package io.trafilo.formats;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import io.trafilo.EventCollector;
import io.trafilo.EventDetails;
import io.trafilo.EventParser;
import io.trafilo.KeyBuilder;
import io.trafilo.Sender;
import java.lang.management.ManagementFactory;
import java.util.stream.Stream;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Parsers allocate nothing, whether lines are good or bad. What a message takes at first is there after the warm-up. */
@Timeout(120)
class AllocationTest {
    private static final int WARM_UP = 20_000;
    private static final int MESSAGES = 50_000;
    private static final double ALLOWED_BYTES_PER_MESSAGE = 0.01;

    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    static Stream<Arguments> messages() {
        KeyOf key = KeyOf.name().and("env", "region");
        String statsD =
                "shop.hits:1|c\nshop.time:12.75|ms|@0.1\nshop.users:anna|s\nmail.queue:-3|g\nx:1|c:2|c:x\nbad\nbad:x|c\n";
        String dogStatsD = """
                shop.hits:1|c|#region:eu,env:prod,a:b|@0.5|c:ci-1|T1718000123
                shop.time:1:2.5:3|h|#a:b
                shop.users:anna|s|#env:prod
                _e{5,4}:title|text|p:low|t:info|#env:prod
                _sc|db|2|h:x|m:down
                bad
                _e{9,9}:x
                """;
        String graphite = "a.b.c 21.5 1718000123\na.b;region=eu;env=prod 1e3 -1\na.b nan 7\nbad\na.b x 7\n";
        // 17 digits, more than 19, and an exponent: what the fast path does not do.
        String digits = "a:0.12345678901234567|ms\na:3.14159265358979323846264|ms\na:1.5e300|c\na:1e999|c\n";
        return Stream.of(
                Arguments.of("StatsD", StatsD.parser(), statsD),
                Arguments.of("StatsD, many digits", StatsD.parser(), digits),
                Arguments.of("DogStatsD", DogStatsD.parser(), dogStatsD),
                Arguments.of("DogStatsD by tags", DogStatsD.parser(key), dogStatsD),
                Arguments.of("Graphite", Graphite.parser(), graphite),
                Arguments.of("Graphite by tags", Graphite.parser(key), graphite));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("messages")
    void shouldAllocateNothingWhenMessagesAreParsed(String name, EventParser parser, String text) {
        byte[] message = text.getBytes(UTF_8);
        Sum sum = new Sum();
        run(parser, message, WARM_UP, sum);
        long thread = Thread.currentThread().getId();
        long before = THREADS.getThreadAllocatedBytes(thread);
        run(parser, message, MESSAGES, sum);
        long bytes = THREADS.getThreadAllocatedBytes(thread) - before;

        System.out.printf("AllocationTest, %s: %d bytes for %d messages%n", name, bytes, MESSAGES);
        assertThat(sum.events).isGreaterThan(MESSAGES);
        assertThat(sum.values).isPositive();
        assertThat(sum.rejected).isGreaterThanOrEqualTo(MESSAGES);
        assertThat((double) bytes / MESSAGES).as("bytes per message").isLessThan(ALLOWED_BYTES_PER_MESSAGE);
    }

    private static void run(EventParser parser, byte[] message, int count, Sum sum) {
        for (int i = 0; i < count; i++) {
            parser.parse(message, 0, message.length, sum);
        }
    }

    /** Takes events and keeps nothing. */
    private static final class Sum implements EventCollector, EventDetails, KeyBuilder {
        long events;
        long rejected;
        double values;
        int keyLength;

        @Override
        public EventDetails event(int keyOffset, int keyLength, int payloadOffset, int payloadLength) {
            events++;
            return this;
        }

        @Override
        public KeyBuilder key() {
            keyLength = 0;
            return this;
        }

        @Override
        public Sender sender() {
            throw new AssertionError("not asked for here");
        }

        @Override
        public long receiptNanos() {
            return 0;
        }

        @Override
        public void reject() {
            rejected++;
        }

        @Override
        public void reject(RuntimeException cause) {
            throw cause;
        }

        @Override
        public KeyBuilder append(byte next) {
            keyLength++;
            return this;
        }

        @Override
        public KeyBuilder append(byte[] source, int offset, int length) {
            keyLength += length;
            return this;
        }

        @Override
        public KeyBuilder append(Sender sender) {
            throw new AssertionError("not asked for here");
        }

        @Override
        public int length() {
            return keyLength;
        }

        @Override
        public EventDetails event(int payloadOffset, int payloadLength) {
            events++;
            return this;
        }

        @Override
        public EventDetails at(long timestampNanos) {
            return this;
        }

        @Override
        public EventDetails value(double value) {
            values += value;
            return this;
        }

        @Override
        public EventDetails weight(double weight) {
            values += weight;
            return this;
        }

        @Override
        public EventDetails item(int offset, int length) {
            return this;
        }
    }
}
