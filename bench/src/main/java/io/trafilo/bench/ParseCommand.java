package io.trafilo.bench;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import com.google.gson.JsonParseException;
import com.google.gson.JsonPrimitive;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Option;

/** Says what a format finds in messages. */
@Command(
        name = "parse",
        description =
                "Reads messages from standard input, and writes what the engine finds in each, as a JSON object a line.",
        footer = {
            "",
            "A line of the input is one message, as a JSON string, so that a newline can be in it:",
            "  echo '\"shop.hits:1|c\\nshop.sales:9.5|ms\"' | trafilo-bench parse --format statsd",
            "A line of a --check file is an object: \"id\", \"input\" (the message), \"expect\" (its object)."
        })
final class ParseCommand implements Callable<Integer> {
    private static final String RULE = "one message, as a JSON string";

    private final Console console;

    @Option(names = "--format", paramLabel = "token|lines|statsd|dogstatsd|syslog|influx|graphite", required = true)
    MessageFormat format = MessageFormat.STATSD;

    @Option(names = "--check", paramLabel = "<cases>")
    @Nullable
    Path check;

    ParseCommand(Console console) {
        this.console = console;
    }

    @Override
    public Integer call() throws IOException {
        if (check != null) {
            return ParseCases.check(check, format.newReader(), console) ? ExitCode.OK : ExitCode.SOFTWARE;
        }
        MessageJson reader = format.newReader();
        // Bytes as characters: what is no UTF-8 is found in the line that has it.
        BufferedReader lines = new BufferedReader(new InputStreamReader(console.in(), ISO_8859_1));
        int number = 0;
        for (String line = lines.readLine(); line != null; line = lines.readLine()) {
            number++;
            console.say("%s", Json.line(reader.read(message(line.getBytes(ISO_8859_1), number))));
        }
        return ExitCode.OK;
    }

    private static byte[] message(byte[] line, int number) {
        String text;
        try {
            text = UTF_8.newDecoder().decode(ByteBuffer.wrap(line)).toString();
        } catch (CharacterCodingException e) {
            throw new FailureException("line " + number + ": no UTF-8 (expected: " + RULE + ")");
        }
        try {
            if (Json.element(text) instanceof JsonPrimitive primitive && primitive.isString()) {
                return primitive.getAsString().getBytes(UTF_8);
            }
        } catch (JsonParseException e) {
            // said below
        }
        throw new FailureException("line " + number + ": " + text + " (expected: " + RULE + ")");
    }
}
