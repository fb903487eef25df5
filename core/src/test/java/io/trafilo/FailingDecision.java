package io.trafilo;

import static io.trafilo.testing.Parts.field;
import static io.trafilo.testing.Parts.partOf;

import io.trafilo.testing.OnPurpose;
import io.trafilo.testing.TestEngine;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.LongPredicate;

/**
 * Makes the decision on an error of the engine fail, so many times, on threads whose names begin with something: an error in
 * the handling of another one.
 */
final class FailingDecision implements LongPredicate {
    private final String threads;
    private final AtomicInteger left = new AtomicInteger();
    private volatile Throwable error = new OnPurpose();
    private LongPredicate budget;

    FailingDecision(String threads) {
        this.threads = threads;
    }

    void install(TestEngine test) throws ReflectiveOperationException {
        Object failures = partOf(test.engine(), "failures");
        budget = (LongPredicate) partOf(failures, "budget");
        field(failures, "budget").set(failures, this);
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
    public boolean test(long nowNanos) {
        boolean there = Thread.currentThread().getName().startsWith(threads);
        if (there && left.getAndUpdate(n -> Math.max(0, n - 1)) > 0) {
            throw sneaky(error);
        }
        return budget.test(nowNanos);
    }

    @SuppressWarnings("unchecked")
    private static <E extends Throwable> RuntimeException sneaky(Throwable error) throws E {
        throw (E) error;
    }
}
