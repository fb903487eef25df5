package io.trafilo.aggregate;

import com.dynatrace.hash4j.distinctcount.UltraLogLog;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** The items of a key's events, as hashes, by panes of time. */
final class ItemPanes {
    /*
     * A pane begins with a table of the hashes themselves, which doubles. When that would take as much as the sketch does, the
     * sketch replaces it, and serves the pane's later occupants, too.
     */
    private static final int LEAST_TABLE = 8;

    /** The bytes of a pane and of what it consists of, headers included, and of the panes themselves. */
    private static final long PANE = 48 + 24 + 24 + 32;

    private static final long PANES = 40 + 24;

    private static final class Pane {
        long number;
        int count;
        long @Nullable [] table;

        @Nullable
        UltraLogLog sketch;

        void reset() {
            count = 0;
            if (sketch != null) {
                sketch.reset();
            } else if (table != null) {
                Arrays.fill(table, 0);
            }
        }
    }

    private final int shift;
    private final int precision;
    private final @Nullable Pane[] panes;
    private @Nullable Pane latest;

    ItemPanes(int shift, int panes, int precision) {
        this.shift = shift;
        this.precision = precision;
        this.panes = new Pane[panes];
    }

    /** The width of a pane as a power of two: a slide at most, if that is a sixteenth of the window or more. */
    static int shift(long windowNanos, long slideNanos) {
        long nanos = Math.max(slideNanos, windowNanos >> 4);
        return Long.SIZE - 1 - Long.numberOfLeadingZeros(Math.max(1, nanos));
    }

    /** How many panes a window can overlap. */
    static int count(long windowNanos, int shift) {
        return (int) (windowNanos >> shift) + 2;
    }

    static long bytes(int panes, int precision) {
        long table = Math.max(LEAST_TABLE * Long.BYTES, 1L << precision);
        return PANES + panes * (Long.BYTES + PANE + table);
    }

    void add(long nanos, long hash) {
        long number = nanos >> shift;
        Pane pane = latest;
        if (pane == null || pane.number != number) {
            pane = pane(number);
            latest = pane;
        }
        UltraLogLog sketch = pane.sketch;
        if (sketch == null) {
            addToTable(pane, hash == 0 ? 1 : hash);
        } else {
            sketch.add(hash);
        }
    }

    private Pane pane(long number) {
        int i = (int) Math.floorMod(number, (long) panes.length);
        Pane pane = panes[i];
        if (pane == null) {
            pane = new Pane();
            pane.table = new long[LEAST_TABLE];
            pane.number = number;
            panes[i] = pane;
        } else if (pane.number != number) {
            pane.reset();
            pane.number = number;
        }
        return pane;
    }

    private void addToTable(Pane pane, long hash) {
        long[] table = pane.table;
        if (table == null || !put(table, hash)) {
            return;
        }
        pane.count++;
        if (4 * pane.count > 3 * table.length) {
            grow(pane, table);
        }
    }

    /** Whether it was not there. One slot is always free. */
    private static boolean put(long[] table, long hash) {
        int mask = table.length - 1;
        int i = (int) (hash >>> Integer.SIZE) & mask;
        while (table[i] != 0) {
            if (table[i] == hash) {
                return false;
            }
            i = (i + 1) & mask;
        }
        table[i] = hash;
        return true;
    }

    private void grow(Pane pane, long[] table) {
        if (2L * table.length * Long.BYTES > 1L << precision) {
            UltraLogLog sketch = UltraLogLog.create(precision);
            show(table, sketch);
            pane.sketch = sketch;
            pane.table = null;
            return;
        }
        long[] larger = new long[2 * table.length];
        for (long hash : table) {
            if (hash != 0) {
                put(larger, hash);
            }
        }
        pane.table = larger;
    }

    private static void show(long[] table, UltraLogLog sketch) {
        for (long hash : table) {
            if (hash != 0) {
                sketch.add(hash);
            }
        }
    }

    /** Adds all items of the panes that the window overlaps. */
    void fold(long startNanos, long endNanos, UltraLogLog result) {
        long first = startNanos >> shift;
        long span = (endNanos >> shift) - first;
        for (Pane pane : panes) {
            if (pane != null && pane.number - first >= 0 && pane.number - first <= span) {
                if (pane.sketch != null) {
                    result.add(pane.sketch);
                } else if (pane.table != null) {
                    show(pane.table, result);
                }
            }
        }
    }
}
