package io.trafilo.netty;

import java.time.Duration;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.extension.Extension;

/** Lets every test that awaits something look often, and give up late: the bound is for what hangs, not for what is slow. */
public final class Patience implements Extension {
    public Patience() {
        Awaitility.setDefaultPollDelay(Duration.ZERO);
        Awaitility.setDefaultPollInterval(Duration.ofMillis(2));
        Awaitility.setDefaultTimeout(Duration.ofSeconds(30));
    }
}
