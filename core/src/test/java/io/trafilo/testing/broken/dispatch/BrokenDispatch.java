package io.trafilo.testing.broken.dispatch;

import io.trafilo.testing.broken.TrafiloBuilder;
import io.trafilo.testing.broken.window.BrokenWindow;
import org.agrona.concurrent.ManyToOneConcurrentArrayQueue;

/** Knows the engine, reaches over its neighbour, and uses what needs JVM flags. */
public final class BrokenDispatch {
    TrafiloBuilder engine = new TrafiloBuilder();
    BrokenWindow window = new BrokenWindow();
    Class<?> queue = ManyToOneConcurrentArrayQueue[].class;
}
