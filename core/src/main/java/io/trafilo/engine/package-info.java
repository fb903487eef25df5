/**
 * Assembles, starts and closes an engine. {@link io.trafilo.engine.Engine} is the engine behind {@link io.trafilo.Trafilo}.
 * {@link io.trafilo.engine.EngineLifecycle} starts and ends it; {@link io.trafilo.engine.CloseSequence} is the order of a
 * close.
 */
@NullMarked
package io.trafilo.engine;

import org.jspecify.annotations.NullMarked;
