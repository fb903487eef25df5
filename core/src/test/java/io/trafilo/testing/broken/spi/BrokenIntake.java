package io.trafilo.testing.broken.spi;

import io.trafilo.testing.broken.ledger.BrokenLedger;

/** Shows a hidden package. */
public interface BrokenIntake {
    BrokenLedger ledger();
}
