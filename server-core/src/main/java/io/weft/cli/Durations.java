package io.weft.cli;

import picocli.CommandLine.TypeConversionException;

import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Durations as people write them: {@code 500ms}, {@code 10s}, {@code 1.5m}, {@code 2h}; a bare
 * number is seconds.
 */
public final class Durations {
    private static final Pattern FORM =
            Pattern.compile("(\\d{1,9}(?:\\.\\d{1,9})?)\\s*(ms|s|m|h|)");

    private Durations() {}

    /**
     * Reads a duration.
     *
     * @throws TypeConversionException if it is no duration; the message says what is expected
     */
    public static Duration parse(String text) {
        Matcher matcher = FORM.matcher(text.trim());
        if (!matcher.matches()) {
            throw new TypeConversionException(
                    "'"
                            + text
                            + "' is no duration: expected a number with ms, s, m or h, as in 500ms"
                            + " or 10s");
        }
        double nanosPerUnit =
                switch (matcher.group(2)) {
                    case "ms" -> 1e6;
                    case "m" -> 60e9;
                    case "h" -> 3600e9;
                    default -> 1e9;
                };
        return Duration.ofNanos(Math.round(Double.parseDouble(matcher.group(1)) * nanosPerUnit));
    }
}
