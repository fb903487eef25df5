package io.trafilo;

import static io.trafilo.testing.Parts.field;
import static io.trafilo.testing.Parts.partOf;

import io.trafilo.testing.TestEngine;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Makes the telling of an error fail on threads whose names begin with something, as often as it is told to, where the error listener is about to be called:
 * instead of a map that cannot grow for want of memory.
 */
final class FailingTelling extends ThreadLocal<Boolean> {
    private final String threads;
    private final AtomicInteger left = new AtomicInteger();
    private volatile Throwable error = new OnPurpose();

    FailingTelling(String threads) {
        this.threads = threads;
    }

    void install(TestEngine test) throws ReflectiveOperationException {
        Object errors = partOf(partOf(test.engine(), "engine"), "errors");
        field(errors, "telling").set(errors, this);
    }

    /** From now on fails so many times, each with the same error. */
    void arm(int times) {
        left.set(times);
    }

    void failWith(Throwable another) {
        error = another;
    }

    Throwable error() {
        return error;
    }

    int left() {
        return left.get();
    }

    @Override
    public Boolean get() {
        boolean there = Thread.currentThread().getName().startsWith(threads);
        if (there && left.getAndUpdate(n -> Math.max(0, n - 1)) > 0) {
            throw sneaky(error);
        }
        return super.get();
    }

    @SuppressWarnings("unchecked")
    private static <E extends Throwable> RuntimeException sneaky(Throwable error) throws E {
        throw (E) error;
    }
}
