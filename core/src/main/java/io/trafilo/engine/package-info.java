/**
 * Puts the parts of an engine together, starts and closes them. {@link io.trafilo.engine.Engine} is the engine behind
 * {@link io.trafilo.Trafilo}; {@link io.trafilo.engine.EngineLifecycle} says when it starts and ends, and
 * {@link io.trafilo.engine.EngineDrain} in what order a close goes.
 */
@NullMarked
package io.trafilo.engine;

import org.jspecify.annotations.NullMarked;
