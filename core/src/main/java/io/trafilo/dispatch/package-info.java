/**
 * From the ring to the shards. Publishers put messages into the ring. Workers claim runs of them, copy them out, parse them
 * and pass each event to the shard of its key.
 *
 * <p>{@link io.trafilo.dispatch.MessageRing} and {@link io.trafilo.dispatch.RingIntake} are the publishers' side.
 * {@link io.trafilo.dispatch.WorkCursor} distributes the messages among the workers, and {@link io.trafilo.dispatch.Worker}
 * is one of them. {@link io.trafilo.dispatch.WorkerPool} starts and halts them; {@link io.trafilo.dispatch.WorkerSeats} has
 * their threads and the substitutes for those that hang.
 */
@NullMarked
package io.trafilo.dispatch;

import org.jspecify.annotations.NullMarked;
