package io.trafilo.testing;

import io.trafilo.Stall;
import io.trafilo.StallListener;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** Keeps the stalls that are reported, and their ends. Thread-safe. */
public final class StallRecorder implements StallListener {
    public final List<Stall> begun = new CopyOnWriteArrayList<>();
    public final List<Stall> ended = new CopyOnWriteArrayList<>();

    @Override
    public void onStall(Stall stall) {
        begun.add(stall);
    }

    @Override
    public void onStallEnd(Stall stall) {
        ended.add(stall);
    }
}
