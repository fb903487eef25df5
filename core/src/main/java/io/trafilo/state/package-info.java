/**
 * The state of every key: an array of shards, each a lock, a table of keys, their timestamps and their timers. Events flow in
 * from the workers; the application's callbacks are called from here, under the lock of the key's shard.
 */
@NullMarked
package io.trafilo.state;

import org.jspecify.annotations.NullMarked;
