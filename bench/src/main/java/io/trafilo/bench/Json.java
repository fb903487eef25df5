package io.trafilo.bench;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Writes JSON: maps, lists, strings, numbers, booleans and null. */
final class Json {
    private static final String HEX = "0123456789abcdef";

    private Json() {}

    /** On one line. */
    static String line(@Nullable Object value) {
        StringBuilder out = new StringBuilder();
        append(out, value, -1);
        return out.toString();
    }

    /** Indented, for people. */
    static String pretty(@Nullable Object value) {
        StringBuilder out = new StringBuilder();
        append(out, value, 0);
        return out.append('\n').toString();
    }

    /** Refuses, before any work is done, a file that could not be written after it. */
    static void checkWritable(String option, @Nullable Path file) {
        if (file == null) {
            return;
        }
        Path directory = file.toAbsolutePath().getParent();
        boolean writable = Files.exists(file)
                ? Files.isWritable(file) && !Files.isDirectory(file)
                : directory != null && Files.isDirectory(directory) && Files.isWritable(directory);
        if (!writable) {
            throw SettingException.of(option, file, "a file that can be written, in a directory that exists");
        }
    }

    /**
     * Writes a document. A regular file is put in place at once: a reader sees the old one or the new one, never a part.
     * Anything else, such as a pipe, is written to as it is.
     */
    static void writeFile(Path file, Object value) throws IOException {
        byte[] document = pretty(value).getBytes(StandardCharsets.UTF_8);
        Path target = Files.exists(file) ? file.toRealPath() : file.toAbsolutePath();
        if (Files.exists(target) && !Files.isRegularFile(target)) {
            Files.write(target, document);
            return;
        }
        long pid = ProcessHandle.current().pid();
        Path part = target.resolveSibling("." + target.getFileName() + "." + pid + ".part");
        try {
            Files.write(part, document);
            Files.move(part, target, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
        } finally {
            Files.deleteIfExists(part);
        }
    }

    /** Appends a string in quotes. */
    static void quote(StringBuilder out, CharSequence text) {
        out.append('"');
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            switch (c) {
                case '"' -> out.append("\\\"");
                case '\\' -> out.append("\\\\");
                case '\n' -> out.append("\\n");
                case '\r' -> out.append("\\r");
                case '\t' -> out.append("\\t");
                default -> {
                    if (isPlain(text, i, c)) {
                        out.append(c);
                    } else {
                        escape(out, c);
                    }
                }
            }
        }
        out.append('"');
    }

    /** Whether a character can stand for itself: it is visible, and no half of a surrogate pair on its own. */
    private static boolean isPlain(CharSequence text, int index, char c) {
        if (c < 0x20 || (c >= 0x7f && c < 0xa0) || c == '\u2028' || c == '\u2029') {
            return false;
        }
        if (Character.isHighSurrogate(c)) {
            return index + 1 < text.length() && Character.isLowSurrogate(text.charAt(index + 1));
        }
        return !Character.isLowSurrogate(c) || (index > 0 && Character.isHighSurrogate(text.charAt(index - 1)));
    }

    private static void escape(StringBuilder out, char c) {
        out.append("\\u");
        for (int shift = 12; shift >= 0; shift -= 4) {
            out.append(HEX.charAt((c >>> shift) & 0xf));
        }
    }

    private static void append(StringBuilder out, @Nullable Object value, int depth) {
        if (value == null || value instanceof Boolean || value instanceof Integer || value instanceof Long) {
            out.append(value);
        } else if (value instanceof Double number) {
            // JSON knows no NaN and no infinity
            out.append(Double.isFinite(number) ? number.toString() : "null");
        } else if (value instanceof CharSequence text) {
            quote(out, text);
        } else if (value instanceof Map<?, ?> map) {
            appendMap(out, map, depth);
        } else if (value instanceof List<?> list) {
            appendList(out, list, depth);
        } else {
            throw new IllegalArgumentException("JSON: " + value.getClass() + " (expected: map, list or scalar)");
        }
    }

    private static void appendMap(StringBuilder out, Map<?, ?> map, int depth) {
        out.append('{');
        int inner = depth < 0 ? depth : depth + 1;
        for (Iterator<? extends Map.Entry<?, ?>> i = map.entrySet().iterator(); i.hasNext(); ) {
            Map.Entry<?, ?> entry = i.next();
            newLine(out, inner);
            quote(out, String.valueOf(entry.getKey()));
            out.append(depth < 0 ? ":" : ": ");
            append(out, entry.getValue(), inner);
            out.append(i.hasNext() ? "," : "");
        }
        if (!map.isEmpty()) {
            newLine(out, depth);
        }
        out.append('}');
    }

    private static void appendList(StringBuilder out, List<?> list, int depth) {
        out.append('[');
        int inner = depth < 0 ? depth : depth + 1;
        for (int i = 0; i < list.size(); i++) {
            out.append(i > 0 ? "," : "");
            newLine(out, inner);
            append(out, list.get(i), inner);
        }
        if (!list.isEmpty()) {
            newLine(out, depth);
        }
        out.append(']');
    }

    private static void newLine(StringBuilder out, int depth) {
        if (depth >= 0) {
            out.append('\n').append("  ".repeat(depth));
        }
    }
}
