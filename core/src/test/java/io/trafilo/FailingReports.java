package io.trafilo;

import static io.trafilo.testing.Parts.partOf;

import io.trafilo.failures.Reporter;
import io.trafilo.testing.OnPurpose;
import io.trafilo.testing.TestEngine;
import java.lang.reflect.Field;
import java.util.ArrayDeque;
import java.util.concurrent.atomic.AtomicInteger;

/** Makes the next reports fail, of those that nobody waits for, on the thread that makes them. */
final class FailingReports extends ArrayDeque<Runnable> {
    private static final long serialVersionUID = 1;

    private final transient RuntimeException error = new OnPurpose();
    private final AtomicInteger left;

    private FailingReports(int times) {
        left = new AtomicInteger(times);
    }

    static FailingReports install(TestEngine test, int times) throws ReflectiveOperationException {
        FailingReports failing = new FailingReports(times);
        Field waiting = Reporter.class.getDeclaredField("waiting");
        waiting.setAccessible(true);
        waiting.set(partOf(partOf(test.engine(), "failures"), "reporter"), failing);
        return failing;
    }

    @Override
    public boolean add(Runnable call) {
        if (left.getAndUpdate(n -> Math.max(0, n - 1)) > 0) {
            throw error;
        }
        return super.add(call);
    }

    int left() {
        return left.get();
    }

    RuntimeException error() {
        return error;
    }
}
