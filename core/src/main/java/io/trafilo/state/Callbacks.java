package io.trafilo.state;

import io.trafilo.EventHandler;
import io.trafilo.StateDisposer;
import io.trafilo.StateFactory;
import io.trafilo.WindowSink;
import org.jspecify.annotations.Nullable;

/** The application's callbacks; null for those it did not set. */
public record Callbacks<S extends @Nullable Object>(
        @Nullable StateFactory<? extends S> factory,
        @Nullable EventHandler<? super S> handler,
        @Nullable WindowSink<? super S> sink,
        @Nullable StateDisposer<? super S> disposer) {}
