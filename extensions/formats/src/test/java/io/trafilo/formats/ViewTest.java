package io.trafilo.formats;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.trafilo.Counter;
import io.trafilo.EventHandler;
import io.trafilo.EventParser;
import io.trafilo.Trafilo;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Handlers of a real engine that read their events with a view. */
@Timeout(60)
class ViewTest {
    private final List<String> seen = Collections.synchronizedList(new ArrayList<>());

    private void run(EventParser parser, EventHandler<Object> handler, String... messages) {
        Trafilo<Object> engine = Trafilo.builder()
                .parser(parser)
                .state(key -> new Object())
                .handler(handler)
                .workers(1)
                .build();
        engine.start();
        for (String message : messages) {
            byte[] bytes = message.getBytes(UTF_8);
            assertThat(engine.offer(bytes, 0, bytes.length)).isTrue();
        }
        engine.close();
        assertThat(engine.failure()).isEmpty();
        assertThat(engine.ledger().count(Counter.HANDLER_FAILED)).isZero();
    }

    @Test
    void shouldReadTheLineOfAnEventOfStatsD() {
        StatsDMetric metric = new StatsDMetric();
        run(
                StatsD.parser(),
                (event, state) -> {
                    assertThat(metric.wrap(event)).isTrue();
                    seen.add(event.key() + " " + metric.name() + " " + metric.type() + " " + event.value() + " "
                            + event.weight());
                },
                "a:1|ms|@0.5\nb.long.name:x|s\n:1|c",
                "c:1|g");

        assertThat(seen)
                .containsExactly("a a TIMER 1.0 2.0", "b.long.name b.long.name SET NaN 1.0", "c c GAUGE 1.0 1.0");
    }

    @Test
    void shouldReadTheLineOfAnEventOfDogStatsD() {
        DogStatsDMessage message = new DogStatsDMessage();
        run(
                DogStatsD.parser(KeyOf.name().and("env")),
                (event, state) -> {
                    assertThat(message.wrap(event)).isTrue();
                    seen.add(event.key() + " " + message.name() + " " + message.kind() + " " + event.value() + " "
                            + message.tag(0));
                },
                "a:1:2|h|#zone:z,env:prod\n_sc|db|1|#zone:z");

        assertThat(seen)
                .containsExactly(
                        "a,env=prod a METRIC 1.0 zone:z",
                        "a,env=prod a METRIC 2.0 zone:z",
                        "db db SERVICE_CHECK 1.0 zone:z");
    }

    @Test
    void shouldReadTheLineOfAnEventOfGraphite() {
        GraphitePoint point = new GraphitePoint();
        run(
                Graphite.parser(KeyOf.name().and("host")),
                (event, state) -> {
                    assertThat(point.wrap(event)).isTrue();
                    seen.add(event.key() + " " + point.path() + " " + event.value() + " " + point.timestampSeconds());
                },
                "a.b;host=x 1 7\na.c 2 8");

        assertThat(seen).containsExactly("a.b,host=x a.b 1.0 7.0", "a.c a.c 2.0 8.0");
    }

    @Test
    void shouldCountATimeOutOfAnySenseWhenMillisecondsAreGivenAsSeconds() {
        Trafilo<Object> engine = Trafilo.builder()
                .parser(DogStatsD.parser())
                .state(key -> new Object())
                .handler((event, state) -> {})
                .workers(1)
                .build();
        engine.start();
        byte[] bytes = "a:1|c|T1718000123456\na:1|c|T1\nb:1|c".getBytes(UTF_8);
        engine.offer(bytes, 0, bytes.length);
        engine.close();

        assertThat(engine.ledger().count(Counter.SKEWED)).isEqualTo(1);
        assertThat(engine.ledger().count(Counter.LATE)).isEqualTo(1);
        assertThat(engine.ledger().count(Counter.HANDLED)).isEqualTo(3);
    }
}
