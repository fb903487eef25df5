/** Microbenchmarks of the engine's parts, and of the engine without a network. Run by {@code trafilo-bench.jar jmh}. */
@NullMarked
package io.trafilo.bench.jmh;

import org.jspecify.annotations.NullMarked;
