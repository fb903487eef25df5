package io.trafilo.bench;

/** How often each key is sent. */
enum Distribution {
    UNIFORM,
    ZIPF
}
