/**
 * Decides what errors mean, identifies the engine's threads and notices those that hang. Errors flow in from every package
 * above. {@link io.trafilo.failures.Failures} decides whether the engine goes on, and reports them to the application.
 *
 * <p>{@link io.trafilo.failures.Progress} is what one thread is doing. {@link io.trafilo.failures.StallWatch} notices
 * threads that stay in one callback for too long, and {@link io.trafilo.failures.Guard} makes it look.
 */
@NullMarked
package io.trafilo.failures;

import org.jspecify.annotations.NullMarked;
