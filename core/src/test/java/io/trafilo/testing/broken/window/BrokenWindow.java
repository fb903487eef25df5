package io.trafilo.testing.broken.window;

import io.trafilo.testing.broken.state.BrokenState;
import java.util.logging.Logger;

/** Knows who uses it, and logs. */
public final class BrokenWindow {
    private static final Logger LOGGER = Logger.getLogger(BrokenWindow.class.getName());

    public void tell(BrokenState state) {
        LOGGER.info(state::toString);
    }
}
