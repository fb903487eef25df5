/** A wrong engine in small: each of its classes breaks rules of {@code ArchitectureTest}, which must notice. */
package io.trafilo.testing.broken;
