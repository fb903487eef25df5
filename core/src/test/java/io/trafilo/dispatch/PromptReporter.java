package io.trafilo.dispatch;

import io.trafilo.ledger.CounterRow;
import io.trafilo.state.ErrorReporter;

/** Makes each call at once, on the thread of whoever asks, for tests of one thread. */
public final class PromptReporter extends Reporter {
    public PromptReporter(CounterRow shared, ErrorReporter errors) {
        super(new Object(), "none", shared, errors);
    }

    @Override
    public void submit(Runnable call) {
        call.run();
    }
}
