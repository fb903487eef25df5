package io.trafilo.testing.broken.ledger;

import io.trafilo.testing.broken.window.BrokenWindow;

/** Uses another package. */
public final class BrokenLedger {
    BrokenWindow window = new BrokenWindow();
}
