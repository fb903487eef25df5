package io.trafilo.simulation;

import io.trafilo.Counter;
import io.trafilo.ErrorListener.Stage;
import io.trafilo.Ledger;
import io.trafilo.ledger.LedgerSnapshot;
import java.util.List;
import java.util.Map;

/** What must be true of the counters when the engine is closed. */
record LedgerCheck(Plan plan, Tally tally, SimulatedService service, SimulatedSocket socket) {
    /** The stages whose failures are counted one by one. */
    private static final Map<Stage, Counter> FAILURES = Map.of(
            Stage.HANDLER, Counter.HANDLER_FAILED,
            Stage.SINK, Counter.SINK_FAILED,
            Stage.STATE_FACTORY, Counter.FACTORY_FAILED,
            Stage.DISPOSER, Counter.DISPOSER_FAILED);

    void check(SimulatedEngine engine, boolean workersLeft) {
        tally.add(Counter.ERROR_LISTENER_FAILED, service.listenerFailures);
        Ledger ledger = LedgerSnapshot.atClose(
                engine.book.sums(), false, workersLeft, engine.shards.liveTimestamps(), engine.shards.liveKeys());
        List<String> imbalances = ledger.imbalances();
        Expect.equal("sums that do not hold", imbalances, List.of());
        Expect.equal("live keys", engine.shards.liveKeys(), 0L);
        Expect.equal("live timestamps", engine.shards.liveTimestamps(), 0L);
        long sent = tally.get(Counter.RECEIVED) + tally.get(Counter.KERNEL_DROPPED) + socket.waiting();
        Expect.equal("arrived at the socket", socket.arrived(), sent);
        checkCounters(ledger);
        for (var failed : FAILURES.entrySet()) {
            long heard = service.heard.getOrDefault(failed.getKey(), 0L);
            long givenUp = failed.getKey() == Stage.HANDLER ? tally.get(Counter.STALLED) : 0;
            Expect.equal("heard of " + failed.getKey(), heard + givenUp, tally.get(failed.getValue()));
        }
    }

    private void checkCounters(Ledger ledger) {
        Map<String, String> differences = tally.differences(ledger);
        if (plan.goesBack()) { // then the time at which a silent timer expires timestamps is not told
            long left = ledger.count(Counter.EXPIRED) + ledger.count(Counter.DISPOSED_WITH_KEY);
            Expect.equal("left", left, tally.get(Counter.EXPIRED) + tally.get(Counter.DISPOSED_WITH_KEY));
            differences.remove(Counter.EXPIRED.label());
            differences.remove(Counter.DISPOSED_WITH_KEY.label());
        }
        Expect.equal("counters that are wrong", differences, Map.of());
    }
}
