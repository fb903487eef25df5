/**
 * The time-related part of a shard: the sorted timestamps of each key, and the deadline of its next timer.
 *
 * <p>Timestamps, the bound below which they expire, and deadlines flow in. All are clock values in nanoseconds, compared by
 * difference, and may wrap. Each key's count, oldest and newest timestamp flow out, with how many were removed and why, and
 * the keys whose deadline has passed. {@code io.trafilo.state}, the only package that uses this one, decides what a count
 * means, when a window is emitted and when a key is forgotten.
 *
 * <p>Everything here belongs to one shard and is guarded by its lock, except {@link io.trafilo.window.RetentionBudget} and
 * {@link io.trafilo.window.ChunkSupply}, which all shards share.
 */
@NullMarked
package io.trafilo.window;

import org.jspecify.annotations.NullMarked;
