package io.trafilo;

/** Lets tests of other packages make a ledger. */
public final class LedgerOf {
    private LedgerOf() {}

    public static Ledger sums(long[] sums, long liveTimestamps, long liveKeys) {
        return new Ledger(sums, liveTimestamps, liveKeys);
    }
}
