package io.trafilo.testing;

import java.util.concurrent.CountDownLatch;

/** Where threads of a test wait until it is opened, for good. To be interrupted there is an error. Thread-safe. */
public final class Gate {
    private final CountDownLatch latch = new CountDownLatch(1);

    public void open() {
        latch.countDown();
    }

    public boolean isOpen() {
        return latch.getCount() == 0;
    }

    /** Waits until it is open. */
    public void pass() {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
