/**
 * The formats in which telemetry is sent over UDP. Each one has a parser, which tells the engine key, value, weight and time of
 * what it finds in a message, and a view, which tells a handler the rest.
 *
 * <p>Parsers are stateless and shared by all workers. A view belongs to one thread at a time. Neither allocates anything.
 */
@NullMarked
package io.trafilo.formats;

import org.jspecify.annotations.NullMarked;
