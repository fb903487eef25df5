/**
 * What an application sees of the engine. Messages go in through a listener or {@link io.trafilo.Trafilo#offer offer}.
 * Events go to the application's handler with the state of their key. Sliding windows come out at the application's sink.
 *
 * <p>{@link io.trafilo.TrafiloBuilder} takes the callbacks and settings; {@link io.trafilo.Trafilo} is the engine it builds.
 * All times are nanoseconds since the epoch unless a name says otherwise.
 */
@NullMarked
package io.trafilo;

import org.jspecify.annotations.NullMarked;
