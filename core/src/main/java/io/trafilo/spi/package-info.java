/**
 * What a listener module needs: an {@link io.trafilo.spi.Intake} per listening thread takes batches of foreign buffers into
 * the ring, and a {@link io.trafilo.spi.BufferAccess} tells the engine's workers how to read and release them.
 */
@NullMarked
package io.trafilo.spi;

import org.jspecify.annotations.NullMarked;
