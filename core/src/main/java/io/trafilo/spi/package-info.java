/**
 * What a listener module needs. Each listening thread publishes batches of foreign buffers through its
 * {@link io.trafilo.spi.Intake}. The engine's workers read and release them through a {@link io.trafilo.spi.BufferAccess}.
 */
@NullMarked
package io.trafilo.spi;

import org.jspecify.annotations.NullMarked;
