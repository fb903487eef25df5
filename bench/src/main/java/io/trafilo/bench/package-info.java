/**
 * The programs around the engine: {@code listen} shows its windows, {@code blast} sends datagrams, {@code load} does both at
 * once and proves that every datagram sent is accounted for, {@code plot} draws tables of what was measured, {@code peers}
 * compares with other servers, and {@code parse} says what is in a message. Command lines go in, reports come out.
 */
@NullMarked
package io.trafilo.bench;

import org.jspecify.annotations.NullMarked;
