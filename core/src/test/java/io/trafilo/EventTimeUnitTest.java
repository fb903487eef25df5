package io.trafilo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.trafilo.testing.TimedParser;
import java.nio.charset.StandardCharsets;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** That an engine says so when its parser gives milliseconds for nanoseconds. No counter tells on the time basis EVENT. */
class EventTimeUnitTest {
    private final Queue<String> logged = new ConcurrentLinkedQueue<>();
    private final Handler capture = new Handler() {
        @Override
        public void publish(LogRecord entry) {
            if (entry.getMessage().contains("as nanoseconds")) {
                logged.add(entry.getMessage());
            }
        }

        @Override
        public void flush() {}

        @Override
        public void close() {}
    };

    @ParameterizedTest
    @EnumSource
    void shouldWarnOnceAndNameTheParserWhenEventTimesAreMilliseconds(TimeBasis basis) {
        long millis = System.currentTimeMillis();
        Logger logger = Logger.getLogger("io.trafilo"); // what System.Logger is backed by in a plain JVM
        logger.addHandler(capture);
        try (Trafilo<Void> engine = Trafilo.<Void>builder()
                .parser(new TimedParser())
                .timeBasis(basis)
                .handler((event, none) -> {})
                .build()) {
            engine.start();
            for (int i = 0; i < 10; i++) {
                byte[] message = ("svc" + i + " @" + (millis + i)).getBytes(StandardCharsets.UTF_8);
                assertThat(engine.offer(message, 0, message.length)).isTrue();
            }
            await().until(() -> engine.ledger().count(Counter.HANDLED) == 10 && !logged.isEmpty());
        } finally {
            logger.removeHandler(capture);
        }
        assertThat(logged)
                .singleElement()
                .asString()
                .startsWith("parser io.trafilo.testing.TimedParser: event time ")
                .contains("as milliseconds");
    }
}
