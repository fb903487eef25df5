/**
 * From the ring to the shards: publishers put messages into the ring, workers claim runs of them, copy them out, parse them
 * and hand each event to the shard of its key.
 *
 * <p>{@link io.trafilo.dispatch.MessageRing} and {@link io.trafilo.dispatch.RingIntake} are the publishers' side,
 * {@link io.trafilo.dispatch.WorkCursor} tells the workers apart, {@link io.trafilo.dispatch.Worker} is one of them, and
 * {@link io.trafilo.dispatch.WorkerPool} starts and stops them; {@link io.trafilo.dispatch.WorkerSeats} has
 * their threads and substitutes. {@link io.trafilo.dispatch.Guard} notices those that hang.
 */
@NullMarked
package io.trafilo.dispatch;

import org.jspecify.annotations.NullMarked;
