package io.trafilo.bench;

import io.trafilo.Ledger;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** One phase of a load test: what the blaster did, and the ledger before and after. Null before: the engine was new. */
record LoadPhase(BlastResult blast, @Nullable Ledger before, Ledger after) {
    static LoadPhase none(Ledger ledger) {
        return new LoadPhase(new BlastResult(0, 0, 0, Map.of()), null, ledger);
    }

    long received() {
        return after.received() - (before == null ? 0 : before.received());
    }

    long kernelDropped() {
        return after.kernelDropped() - (before == null ? 0 : before.kernelDropped());
    }

    long handled() {
        return after.handled() - (before == null ? 0 : before.handled());
    }

    /** Datagrams that did not get into the ring, in the kernel or here. */
    long lost() {
        return lost(after) - (before == null ? 0 : lost(before));
    }

    static long lost(Ledger ledger) {
        return ledger.kernelDropped() + ledger.shed() + ledger.discardedAtClose() + ledger.oversized();
    }

    Map<String, Object> asMap() {
        Map<String, Object> map = new LinkedHashMap<>();
        map.put("sent", blast.sent());
        map.put("received", received());
        map.put("kernelDropped", kernelDropped());
        map.put("handled", handled());
        map.put("lost", lost());
        return map;
    }
}
