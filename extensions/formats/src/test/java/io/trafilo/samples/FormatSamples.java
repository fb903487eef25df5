package io.trafilo.samples;

import io.trafilo.EventView;
import io.trafilo.Trafilo;
import io.trafilo.formats.DogStatsD;
import io.trafilo.formats.DogStatsDMessage;
import io.trafilo.formats.KeyOf;
import io.trafilo.formats.MetricType;
import java.time.Duration;

/** The samples of docs/formats.md. */
final class FormatSamples {
    private final ThreadLocal<DogStatsDMessage> views = ThreadLocal.withInitial(DogStatsDMessage::new);

    /** The state of a key. */
    static final class Totals {
        double sum;
        double last;
    }

    Trafilo<Totals> build() {
        return Trafilo.<Totals>builder()
                .parser(DogStatsD.parser(KeyOf.name().and("env", "region")))
                .state(key -> new Totals())
                .handler(this::handle)
                .window(Duration.ofSeconds(10))
                .build();
    }

    void handle(EventView event, Totals totals) {
        DogStatsDMessage message = views.get();
        if (event.hasValue() && message.wrap(event)) {
            if (message.type() == MetricType.GAUGE) {
                totals.last = event.value();
            } else {
                totals.sum += event.value() * event.weight();
            }
        }
    }
}
