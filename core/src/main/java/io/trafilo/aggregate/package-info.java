/**
 * What a window tells of its events' values. Values come in one by one, and go out as the window moves on; the aggregates are
 * folded when a sink asks for them. Guarded by the lock of the shard that owns the key.
 */
@NullMarked
package io.trafilo.aggregate;

import org.jspecify.annotations.NullMarked;
