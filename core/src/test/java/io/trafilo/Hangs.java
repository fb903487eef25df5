package io.trafilo;

import static io.trafilo.testing.TestEngine.until;

import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;

/** Where callbacks of a test hang, deaf to interrupts, each at a name until it is let go. Names begin with {@link #PREFIX}. */
final class Hangs {
    static final String PREFIX = "hang";

    private final Map<String, CountDownLatch> gates = new ConcurrentHashMap<>();
    private final Set<String> inside = ConcurrentHashMap.newKeySet();
    private volatile boolean over;

    /** Hangs if the name is one to hang at, and was not let go before. */
    void at(String name) {
        if (over || !name.startsWith(PREFIX)) {
            return;
        }
        CountDownLatch gate = gates.computeIfAbsent(name, any -> new CountDownLatch(1));
        inside.add(name);
        while (gate.getCount() > 0) {
            try {
                gate.await();
            } catch (InterruptedException e) {
                // hangs on
            }
        }
        inside.remove(name);
    }

    boolean isInside(String name) {
        return inside.contains(name);
    }

    void await(String name) {
        until(() -> isInside(name));
    }

    void letGo(String name) {
        gates.computeIfAbsent(name, any -> new CountDownLatch(1)).countDown();
    }

    void letGoAll() {
        over = true;
        gates.values().forEach(CountDownLatch::countDown);
    }
}
