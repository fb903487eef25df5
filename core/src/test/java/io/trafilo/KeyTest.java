package io.trafilo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
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

    @Test
    void shouldCacheItsText() {
        Key key = Key.of("key");
        assertThat(key.toString()).isSameAs(key.toString());
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
}
