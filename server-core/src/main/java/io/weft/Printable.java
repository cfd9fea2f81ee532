package io.weft;

import org.jspecify.annotations.Nullable;

import java.util.Objects;

/**
 * What others have said, for a line of a log: it can neither end the line, and so forge another,
 * nor speak to the terminal that shows it. Letters of all languages stay as they are; what cannot
 * be seen is {@code \n}, {@code \t}, {@code \x1b} or {@code \u2028}. A backslash stays one, so that
 * what was made printable twice is as if it had been once. Any thread.
 */
public final class Printable {
    /** More is nothing to read any more; it may be what a client has sent. */
    private static final int LONGEST = 4096;

    private static final String HEX = "0123456789abcdef";

    private Printable() {}

    /** What {@code said} says of itself, in one line of at most about 4 KB, whatever that does. */
    public static String of(@Nullable Object said) {
        return escaped(text(said), LONGEST);
    }

    /** All of {@code text} in one line. */
    public static String escaped(String text) {
        return escaped(text, Integer.MAX_VALUE);
    }

    private static String text(@Nullable Object said) {
        try {
            return Objects.toString(String.valueOf(said)); // which may be null
        } catch (Throwable e) {
            String type = said == null ? "null" : said.getClass().getName();
            return type + " (which cannot say what it is: " + e.getClass().getName() + ")";
        }
    }

    private static String escaped(String text, int most) {
        int length = Math.min(text.length(), most);
        int plain = 0;
        while (plain < length && isPlain(text.charAt(plain))) {
            plain++;
        }
        if (plain == text.length()) {
            return text;
        }
        var line = new StringBuilder(length + 16).append(text, 0, plain);
        for (int i = plain; i < length; i++) {
            append(line, text.charAt(i));
        }
        if (length < text.length()) {
            line.append("... (").append(text.length()).append(" characters)");
        }
        return line.toString();
    }

    private static boolean isPlain(char c) {
        if (c < 0x7f) {
            return c >= ' ';
        }
        return c >= 0xa0
                && switch (Character.getType(c)) {
                    case Character.CONTROL,
                            Character.FORMAT, // such as what turns the direction of writing
                            Character.LINE_SEPARATOR,
                            Character.PARAGRAPH_SEPARATOR ->
                            false;
                    default -> true;
                };
    }

    private static void append(StringBuilder line, char c) {
        if (isPlain(c)) {
            line.append(c);
            return;
        }
        line.append('\\');
        switch (c) {
            case '\n' -> line.append('n');
            case '\r' -> line.append('r');
            case '\t' -> line.append('t');
            default -> {
                line.append(c <= 0xff ? 'x' : 'u');
                for (int shift = c <= 0xff ? 4 : 12; shift >= 0; shift -= 4) {
                    line.append(HEX.charAt(c >> shift & 0xf));
                }
            }
        }
    }
}
