package io.trafilo.state;

import com.dynatrace.hash4j.hashing.Hasher64;
import com.dynatrace.hash4j.hashing.Hashing;
import io.trafilo.Key;
import java.security.SecureRandom;

/**
 * Hashes keys, and the items that {@code distinct} tells apart, with PolymurHash 2.0, with new seeds for each engine. The function is a universal family: without the seeds,
 * nobody can prepare keys that collide. Stateless after construction, thread-safe.
 */
public final class KeyHash {
    private final Hasher64 hasher;

    public KeyHash(SecureRandom seeds) {
        hasher = Hashing.polymurHash2_0(seeds.nextLong(), seeds.nextLong(), seeds.nextLong());
    }

    public long hash(byte[] buffer, int offset, int length) {
        return hasher.hashBytesToLong(buffer, offset, length);
    }

    public long hash(Key key) {
        return hasher.hashBytesToLong(key.toBytes());
    }
}
