package io.trafilo.formats;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DecimalTest {
    private static final int RANDOM_NUMBERS = 200_000;

    private static double parse(String text) {
        byte[] bytes = ("7" + text + "7").getBytes(US_ASCII);
        return Decimal.parse(bytes, 1, text.length());
    }

    private static long whole(String text) {
        byte[] bytes = ("7" + text + "7").getBytes(US_ASCII);
        return Decimal.whole(bytes, 1, text.length());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "0",
                "-0",
                "+0",
                "1",
                "-1",
                "+1",
                "00012",
                "1.",
                ".5",
                "-.5",
                "1.50",
                "0.1",
                "12.75",
                "1e3",
                "1E3",
                "1e+3",
                "1e-3",
                "1.e2",
                ".1e1",
                "123456789012345678",
                "9007199254740992",
                "9007199254740993",
                "9007199254740995",
                "9223372036854775807",
                "9223372036854775808",
                "18446744073709551616",
                "1e22",
                "1e23",
                "9007199254740992e22",
                "1e-22",
                "1e-23",
                "1.7976931348623157e308",
                "1.7976931348623158e308",
                "4.9e-324",
                "2.2250738585072012e-308",
                "0.9e-324",
                "0.000024e-319",
                "-1e-325",
                "1e-324",
                "9.99e-325",
                "1e308",
                "0.1e309",
                "0.001e311",
                "-0e-999",
                "2.47e-324",
                "2.48e-324",
                "0.000000000000000000000000000001",
                "100000000000000000000000000000",
                "1e-999",
                "0e999",
                "1e0000000000000000000001",
                "0.1000000000000000055511151231257827021181583404541015625",
                "0.1000000000000000055511151231257827021181583404541015625000000000000000000000000000000000000000001"
            })
    void shouldRoundAsTheJdkDoesWhenItIsANumber(String text) {
        assertThat(parse(text)).isEqualTo(Double.parseDouble(text));
        assertThat(Decimal.isNumber(text.getBytes(US_ASCII), 0, text.length())).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "+",
                "-",
                ".",
                "-.",
                "e",
                "e3",
                ".e3",
                "1e",
                "1e+",
                "1e-",
                "1e3.5",
                "1e3e",
                "--1",
                "+-1",
                "1-",
                "1+1",
                "1..2",
                "1.2.3",
                "0x10",
                "0x1p3",
                "1f",
                "1d",
                "1D",
                "1_000",
                "1,5",
                " 1",
                "1 ",
                "NaN",
                "nan",
                "inf",
                "Infinity",
                "-Infinity",
                "abc",
                "1a",
                "/1",
                ":1",
                "1/",
                "1:"
            })
    void shouldFindNoNumberWhenTheBytesAreSomethingElse(String text) {
        assertThat(parse(text)).isNaN();
        assertThat(Decimal.isNumber(text.getBytes(US_ASCII), 0, text.length())).isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"1e309", "0.01e311", "0.00000001e9999", "1.8e308", "1e999", "1e99999999999999999999"})
    void shouldBeInfiniteWhenTheNumberIsTooLarge(String text) {
        assertThat(parse(text)).isEqualTo(Double.POSITIVE_INFINITY);
        assertThat(parse("-" + text)).isEqualTo(Double.NEGATIVE_INFINITY);
    }

    @Test
    void shouldReadAsManyDigitsAsADatagramHolds() {
        String nines = "9".repeat(60_000);
        assertThat(parse(nines)).isInfinite();
        assertThat(parse("0." + nines)).isEqualTo(1);
        assertThat(parse(nines + "e-60000")).isEqualTo(1);
        assertThat(parse("0." + "0".repeat(60_000) + "15e60001")).isEqualTo(1.5);
    }

    @Test
    void shouldRoundAsTheJdkDoesWhenNumbersAreRandom() {
        long seed = System.nanoTime();
        SplittableRandom random = new SplittableRandom(seed);
        for (int i = 0; i < RANDOM_NUMBERS; i++) {
            String text = random(random);
            assertThat(parse(text)).as("%s (seed %d)", text, seed).isEqualTo(Double.parseDouble(text));
        }
    }

    /** Half of them are doubles written in full, half some digits around a point, with and without an exponent. */
    private static String random(SplittableRandom random) {
        if (random.nextBoolean()) {
            double value = Double.longBitsToDouble(random.nextLong());
            return Double.isFinite(value) ? Double.toString(value) : "1";
        }
        int digits = random.nextInt(1, 22);
        StringBuilder text = new StringBuilder(random.nextBoolean() ? "-" : "");
        int point = random.nextInt(digits + 1);
        for (int i = 0; i < digits; i++) {
            text.append(i == point ? "." : "").append(random.nextInt(10));
        }
        return random.nextInt(3) > 0 ? text.toString() : text + "e" + random.nextInt(-30, 30);
    }

    @Test
    void shouldReadWholeNumbersUpToTheEndsOfALong() {
        assertThat(whole("0")).isZero();
        assertThat(whole("+12")).isEqualTo(12);
        assertThat(whole("-12")).isEqualTo(-12);
        assertThat(whole("9223372036854775807")).isEqualTo(Long.MAX_VALUE);
        assertThat(whole("-9223372036854775807")).isEqualTo(-Long.MAX_VALUE);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", "+", "-", "1.0", "1e3", "a", "1a", " 1", "9223372036854775808", "99999999999999999999", "--1"
            })
    void shouldFindNoWholeNumberWhenItIsNoneOrTooLarge(String text) {
        assertThat(whole(text)).isEqualTo(Decimal.NONE);
    }
}
