/**
 * The engine an application embeds: messages go in through a listener or {@link io.trafilo.Trafilo#emit emit}, events go
 * to the application's handler with the state of their key, and sliding windows come out at the application's sink.
 *
 * <p>{@link io.trafilo.Trafilo} is the engine; the interfaces beside it are the callbacks it takes and the views it hands
 * to them. All times are nanoseconds since the epoch unless a name says otherwise.
 */
@NullMarked
package io.trafilo;

import org.jspecify.annotations.NullMarked;
