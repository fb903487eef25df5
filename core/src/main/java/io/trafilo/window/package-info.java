/**
 * What a shard remembers of time: the sorted timestamps of each key and the deadline at which each key wants to be
 * looked at again.
 *
 * <p>In come timestamps, the bound below which they have expired, and deadlines, all as clock values in nanoseconds
 * that are compared by their difference and may wrap around. Out go each key's count, oldest and newest timestamp, how
 * many were removed and why, and the keys whose deadline has passed. What a count means, when a window is emitted and
 * when a key is forgotten is decided by {@code io.trafilo.state}, which alone uses this package.
 *
 * <p>Everything here belongs to one shard and is guarded by its lock, except {@link io.trafilo.window.RetentionBudget} and
 * {@link io.trafilo.window.ChunkSupply}, which all shards share.
 */
@NullMarked
package io.trafilo.window;

import org.jspecify.annotations.NullMarked;
