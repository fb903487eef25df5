package io.trafilo.bench;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Reads sizes such as 65536, 64k, 4m. */
final class BytesConverter implements ITypeConverter<Integer> {
    private static final Pattern FORM = Pattern.compile("(\\d{1,10})([km]?)", Pattern.CASE_INSENSITIVE);

    @Override
    public Integer convert(String text) {
        Matcher matcher = FORM.matcher(text);
        if (!matcher.matches()) {
            throw broken(text);
        }
        long unitBytes =
                switch (matcher.group(2)) {
                    case "k", "K" -> 1 << 10;
                    case "m", "M" -> 1 << 20;
                    default -> 1;
                };
        long bytes = Long.parseLong(matcher.group(1)) * unitBytes;
        if (bytes > Integer.MAX_VALUE) {
            throw broken(text);
        }
        return (int) bytes;
    }

    private static TypeConversionException broken(String text) {
        return new TypeConversionException(text + " (expected: bytes, up to 2047m: 65536, 64k, 4m)");
    }
}
