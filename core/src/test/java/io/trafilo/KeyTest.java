package io.trafilo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class KeyTest {
    @Test
    void shouldBeEqualWhenTheBytesAre() {
        byte[] bytes = "a key here".getBytes(StandardCharsets.UTF_8);
        Key key = Key.of("key");
        Key slice = Key.of(bytes, 2, 3);

        assertThat(slice).isEqualTo(key).hasSameHashCodeAs(key).hasToString("key");
        assertThat(key).isNotEqualTo(null).isNotEqualTo("key");
        assertThat(key).isNotEqualTo(Key.of("Key")).isNotEqualTo(Key.of("key ")).isNotEqualTo(Key.of("ke"));
    }

    @Test
    void shouldNotChangeWhenTheArraysDo() {
        byte[] bytes = {'k', 'e', 'y'};
        Key key = Key.of(bytes, 0, 3);
        bytes[0] = 'x';
        key.toBytes()[1] = 'x';
        assertThat(key).hasToString("key").isEqualTo(Key.of("key"));
        assertThat(key.toBytes()).containsExactly('k', 'e', 'y');
    }

    @Test
    void shouldKeepBytesThatAreNoText() {
        byte[] bytes = {0, (byte) 0x80, (byte) 0xFF, '\n'};
        Key key = Key.of(bytes, 0, 4);
        assertThat(key.toBytes()).isEqualTo(bytes);
        assertThat(key.length()).isEqualTo(4);
        assertThat(key.byteAt(2)).isEqualTo((byte) 0xFF);
        assertThat(key).isNotEqualTo(Key.of(new byte[] {0, (byte) 0x81, (byte) 0xFF, '\n'}, 0, 4));
        assertThat(Key.of("schlüssel").length()).isEqualTo(10);
    }

    @ParameterizedTest
    @ValueSource(strings = {"key", "a key of more than 15 bytes"})
    void shouldCacheItsText(String text) {
        Key key = Key.of(text);
        assertThat(key.toString()).isSameAs(key.toString());
    }

    /** Each length is compared in another way up to 15 bytes, which are kept in the key itself. */
    @Test
    void shouldBeTheBytesWhateverTheLength() {
        SplittableRandom random = new SplittableRandom(1);
        for (int length = 1; length < 40; length++) {
            byte[] source = new byte[length + 2];
            random.nextBytes(source);
            Key key = Key.of(source, 1, length);
            byte[] bytes = Arrays.copyOfRange(source, 1, length + 1);

            assertThat(key.toBytes()).isEqualTo(bytes);
            assertThat(key.length()).isEqualTo(length);
            assertThat(key).hasToString(new String(bytes, StandardCharsets.UTF_8));
            assertThat(key).isEqualTo(Key.of(bytes, 0, length)).hasSameHashCodeAs(Key.of(bytes, 0, length));
            assertThat(key.contentEquals(source, 1, length)).isTrue();
            assertThat(key.contentEquals(source, 1, length + 1)).isFalse();
            for (int i = 0; i < length; i++) {
                assertThat(key.byteAt(i)).isEqualTo(bytes[i]);
                bytes[i] ^= (byte) (1 << random.nextInt(8));
                assertThat(key.contentEquals(bytes, 0, length)).isFalse();
                assertThat(key).isNotEqualTo(Key.of(bytes, 0, length));
                bytes[i] = source[i + 1];
            }
            assertThatThrownBy(() -> key.byteAt(key.length())).isInstanceOf(IndexOutOfBoundsException.class);
        }
    }

    @Test
    void shouldNotBeTheSameWhenOnlyOneEndsInZeros() {
        for (int length = 1; length < 20; length++) {
            Key key = Key.of(new byte[length], 0, length);
            assertThat(key).isNotEqualTo(Key.of(new byte[length + 1], 0, length + 1));
            assertThat(key.contentEquals(new byte[length + 1], 0, length + 1)).isFalse();
        }
    }

    @ParameterizedTest
    @ValueSource(
            ints = {
                0, 0x1b, '\n', 0x7f, 0x85, 0x9b, 0xad, 0x61c, 0x200b, 0x200e, 0x2028, 0x2029, 0x202e, 0x2066, 0xd800,
                0xdfff, 0xe000, 0xfeff, 0xfff9, 0xffff, 0x110bd, 0x1d173, 0xe0001, 0xe007f, 0xf0000, 0x10ffff
            })
    void shouldEscapeWhatIsNotForPeopleToSee(int codePoint) {
        String text = Character.toString(codePoint);
        assertThat(Key.printable("a" + text + "b")).isEqualTo("a\\u{" + Integer.toHexString(codePoint) + "}b");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "svc7",
                "gr\u00f6\u00dfe 'x' \"y\"",
                "\u6771\u4eac",
                "\ud83d\ude00",
                "\u05d0\u0628 e\u0301",
                "\ufffd"
            })
    void shouldLeavePlainTextAsItIs(String text) {
        assertThat(Key.printable(text)).isEqualTo(text);
    }

    @Test
    void shouldKeepTextsApartWhenTheyAreEscaped() {
        assertThat(Key.printable("a\\u{a}")).isEqualTo("a\\\\u{a}").isNotEqualTo(Key.printable("a\n"));
    }

    @Test
    void shouldCompareWithSlices() {
        byte[] bytes = "a key here".getBytes(StandardCharsets.UTF_8);
        Key key = Key.of("key");
        assertThat(key.contentEquals(bytes, 2, 3)).isTrue();
        assertThat(key.contentEquals(bytes, 2, 4)).isFalse();
        assertThat(key.contentEquals(bytes, 2, 2)).isFalse();
        assertThat(key.contentEquals(bytes, 1, 3)).isFalse();
    }

    @Test
    void shouldSpreadHashCodes() {
        int[] hashes = new int[1_000];
        Arrays.setAll(hashes, i -> Key.of("key" + i).hashCode());
        assertThat(Arrays.stream(hashes).distinct().count()).isGreaterThan(990);
        assertThat(Arrays.stream(hashes).map(hash -> hash & 1023).distinct().count())
                .isGreaterThan(600);
    }

    @Test
    void shouldRefuseEmptyKeysAndSlicesOutside() {
        byte[] bytes = new byte[4];
        assertThatThrownBy(() -> Key.of(""))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("key: 0 bytes (expected: at least 1)");
        assertThatThrownBy(() -> Key.of(bytes, 1, 0)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> Key.of(bytes, -1, 2)).isInstanceOf(IndexOutOfBoundsException.class);
        assertThatThrownBy(() -> Key.of(bytes, 0, -1)).isInstanceOf(IndexOutOfBoundsException.class);
        assertThatThrownBy(() -> Key.of(bytes, 1, 4)).isInstanceOf(IndexOutOfBoundsException.class);
        assertThatThrownBy(() -> Key.of(bytes, Integer.MAX_VALUE, Integer.MAX_VALUE))
                .isInstanceOf(IndexOutOfBoundsException.class);
        assertThatThrownBy(() -> Key.of("key").byteAt(3)).isInstanceOf(IndexOutOfBoundsException.class);
        assertThatThrownBy(() -> Key.of("key").byteAt(-1)).isInstanceOf(IndexOutOfBoundsException.class);
    }

    @Test
    void shouldBeOrderedByItsBytes() {
        Key empty = Key.of("a");
        assertThat(empty).isLessThan(Key.of("ab")).isLessThan(Key.of("b")).isEqualByComparingTo(Key.of("a"));
        byte[] high = {(byte) 0xFF};
        assertThat(Key.of(high, 0, 1)).isGreaterThan(Key.of("z"));
        String longText = "x".repeat(40);
        assertThat(Key.of(longText)).isGreaterThan(Key.of("x")).isLessThan(Key.of(longText + "0"));
    }
}
