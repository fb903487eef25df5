package io.trafilo.netty;

import java.io.IOException;

/** Reads how many datagrams the kernel has dropped at one socket since it was opened. */
@FunctionalInterface
interface KernelDrops {
    /** For systems that do not tell. */
    KernelDrops UNKNOWN = () -> -1;

    /**
     * The kernel's count, which wraps at 2^32; -1 if it cannot be told.
     *
     * @throws IOException if the reading failed
     */
    long read() throws IOException;
}
