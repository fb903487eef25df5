package io.trafilo.state;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.trafilo.testing.CollidingKeys;
import java.nio.ByteBuffer;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.BitSet;
import java.util.HashSet;
import java.util.Random;
import java.util.Set;
import java.util.stream.Stream;
import org.agrona.collections.Hashing;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Keys that collide under well-known hash functions spread over shards and tables as random keys do. */
class PreparedCollisionsTest {
    private static final int KEYS = 100_000;
    private static final int SHARDS = 128;
    private static final int SHARD_SHIFT = Long.SIZE - Integer.numberOfTrailingZeros(SHARDS);
    private static final int SEEDS = 5;

    static Stream<Arguments> sets() {
        return Stream.of(
                set("String.hashCode", CollidingKeys.forStringHashCode(KEYS), CollidingKeys::stringHashCode),
                set("FNV-1a, 32 bits", CollidingKeys.forFnv1a32(KEYS), CollidingKeys::fnv1a32),
                set("FNV-1a, 64 bits", CollidingKeys.forFnv1a64(KEYS), CollidingKeys::fnv1a64),
                set("xxHash32", CollidingKeys.forXxHash32(KEYS), CollidingKeys::xxHash32),
                set("wyhash", CollidingKeys.forWyhash(KEYS), CollidingKeys::wyhash));
    }

    private static Arguments set(String name, byte[][] keys, CollidingKeys.Hash hash) {
        return Arguments.of(name, keys, hash);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("sets")
    void shouldCollideWhereTheyWerePreparedFor(String name, byte[][] keys, CollidingKeys.Hash hash) {
        int mask = (1 << CollidingKeys.BITS) - 1;
        int common = hash.of(keys[0]) & mask;
        assertThat(Arrays.stream(keys)).allMatch(key -> (hash.of(key) & mask) == common);
        assertThat(Arrays.stream(keys)).allMatch(key -> key.length == keys[0].length);
        assertThat(Arrays.stream(keys).map(ByteBuffer::wrap).distinct().count()).isEqualTo(KEYS);
    }

    @Test
    void shouldKnowTheFunctionsThatTheyWerePreparedFor() {
        assertThat(CollidingKeys.fnv1a32("foobar".getBytes(UTF_8))).isEqualTo(0xBF9CF968);
        assertThat(CollidingKeys.fnv1a64("a".getBytes(UTF_8))).isEqualTo(0x8601EC8C);
        assertThat(CollidingKeys.xxHash32("abcdefgh".getBytes(UTF_8))).isEqualTo(0x0BB3C6BB);
        assertThat(CollidingKeys.wyhash("message digest".getBytes(UTF_8), 3)).isEqualTo(0x786D1F1DF3801DF4L);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("sets")
    void shouldSpreadAsRandomKeysDo(String name, byte[][] keys, CollidingKeys.Hash hash) {
        Random random = new Random(4711);
        byte[][] randomKeys = new byte[KEYS][keys[0].length];
        for (byte[] key : randomKeys) {
            random.nextBytes(key);
        }
        for (int seed = 0; seed < SEEDS; seed++) {
            KeyHash keyHash = new KeyHash(new FixedSeeds(seed));
            Spread prepared = Spread.of(keyHash, keys);
            Spread asRandom = Spread.of(keyHash, randomKeys);
            // the sum over the shards is that of chi-squared with 127 degrees of freedom: 127, give or take 16
            assertThat(prepared.shardsChiSquared).as("seed %s, shards", seed).isLessThan(127 + 6 * 16);
            assertThat(asRandom.shardsChiSquared).as("seed %s, shards", seed).isLessThan(127 + 6 * 16);
            assertThat(prepared.probes).as("seed %s, probes", seed).isLessThan(1.05 * asRandom.probes);
            assertThat(prepared.longestProbe).as("seed %s, longest probe", seed).isLessThan(80);
            // of 100,000 random hashes of 32 bits, 1.2 pairs are equal
            assertThat(prepared.equal).as("seed %s, equal hashes", seed).isLessThan(12);
        }
    }

    /** Draws its seeds from a generator whose own seed is known. */
    private static final class FixedSeeds extends SecureRandom {
        private static final long serialVersionUID = 1;

        private final transient Random random;

        FixedSeeds(long seed) {
            random = new Random(seed);
        }

        @Override
        public long nextLong() {
            return random.nextLong();
        }
    }

    /** How hashes spread over the shards, and over a table that is nearly as full as it gets; pairs of equal hashes in it. */
    private record Spread(double shardsChiSquared, double probes, int longestProbe, long equal) {
        static Spread of(KeyHash keyHash, byte[][] keys) {
            int[] inShard = new int[SHARDS];
            int slots = (int) KeyTable.maxSlots(keys.length);
            BitSet table = new BitSet(slots);
            Set<Integer> hashes = new HashSet<>();
            long probes = 0;
            int longest = 0;
            for (byte[] key : keys) {
                long hash = keyHash.hash(key, 0, key.length);
                inShard[(int) (hash >>> SHARD_SHIFT)]++;
                if (!hashes.add((int) hash)) {
                    continue;
                }
                int slot = Hashing.hash((int) hash, slots - 1);
                int steps = 1;
                while (table.get(slot)) {
                    slot = (slot + 1) & (slots - 1);
                    steps++;
                }
                table.set(slot);
                probes += steps;
                longest = Math.max(longest, steps);
            }
            double expected = (double) keys.length / SHARDS;
            double chiSquared = Arrays.stream(inShard)
                    .mapToDouble(count -> (count - expected) * (count - expected) / expected)
                    .sum();
            return new Spread(chiSquared, (double) probes / hashes.size(), longest, keys.length - hashes.size());
        }
    }
}
