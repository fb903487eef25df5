/**
 * The state of every key: an array of shards, each with a lock, a table of keys, their timestamps and their timers. Events
 * flow in from the workers. The application's callbacks are called from here, under the lock of the key's shard.
 */
@NullMarked
package io.trafilo.state;

import org.jspecify.annotations.NullMarked;
