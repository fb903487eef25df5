package io.trafilo.netty;

import java.io.IOException;

/** Reads how many datagrams the kernel has dropped at one socket since it was opened. */
@FunctionalInterface
interface KernelDrops {
    /** For systems that do not tell. */
    KernelDrops UNKNOWN = () -> -1;

    /**
     * The kernel's count, which wraps at 2^32; -1 if it is unknown.
     *
     * @throws IOException if reading fails
     */
    long read() throws IOException;

    /** Reads this and, whenever that fails, the other. */
    default KernelDrops orElse(KernelDrops other) {
        return () -> {
            try {
                return read();
            } catch (IOException refused) {
                return other.read();
            }
        };
    }
}
