package io.trafilo.bench.jmh;

import io.trafilo.state.KeyHash;
import java.security.SecureRandom;
import java.util.SplittableRandom;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/**
 * What hashing a key costs, by its length. An operation is one hash of bytes that are in the nearest cache, at a place that changes
 * from one to the next. Left out: everything else that a key costs.
 */
@State(Scope.Thread)
public class KeyHashBenchmark extends AverageNanos {
    private static final int POSITIONS = 64;

    /** The length of the key in bytes. */
    @Param({"4", "8", "16", "32", "64", "128", "256"})
    public int length = 4;

    private final KeyHash hash = new KeyHash(new SecureRandom());
    private byte[] bytes;
    private int offset;

    /** Fills the bytes. */
    @Setup
    public void setUp() {
        bytes = new byte[POSITIONS + length];
        new SplittableRandom(1).nextBytes(bytes);
    }

    /** Hashes a slice, another one each time. */
    @Benchmark
    public long hash() {
        offset = (offset + 1) & (POSITIONS - 1);
        return hash.hash(bytes, offset, length);
    }
}
