package io.trafilo.samples;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.trafilo.Counter;
import io.trafilo.Key;
import io.trafilo.Trafilo;
import io.trafilo.samples.FormatSamples.Totals;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class FormatSamplesTest {
    @Test
    void shouldAddUpCountersAndKeepGaugesWhenTheSampleRuns() {
        byte[] message = """
                hits:1|c|@0.5|#region:eu,env:prod
                hits:3|c|#env:prod,host:a,region:eu
                depth:7|g|#env:prod
                _e{1,1}:x|y
                """.getBytes(UTF_8);
        try (Trafilo<Totals> engine = new FormatSamples().build()) {
            engine.start();
            assertThat(engine.offer(message, 0, message.length)).isTrue();
            while (engine.ledger().count(Counter.HANDLED) < 4) {
                Thread.onSpinWait();
            }
            assertThat(engine.read(Key.of("hits,env=prod,region=eu"), totals -> totals.sum))
                    .hasValue(5.0);
            assertThat(engine.read(Key.of("depth,env=prod"), totals -> totals.last))
                    .hasValue(7.0);
        }
    }
}
