package io.weft.http.server;

/**
 * Puts what a client sent into a line of a log, so that it can neither end the line nor a quoted
 * value in it, nor speak to a terminal (Apache's mod_log_config escapes the same way).
 */
final class LogText {
    private static final String HEX = "0123456789abcdef";

    private LogText() {}

    /** Appends {@code value} in printable ASCII. */
    static void append(StringBuilder line, String value) {
        append(line, value, ' ');
    }

    /** As before, with blanks escaped too: for a value that no quotes stand around. */
    static void appendWord(StringBuilder line, String value) {
        append(line, value, '!');
    }

    private static void append(StringBuilder line, String value, char first) {
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            if (c == '"' || c == '\\') {
                line.append('\\').append(c);
            } else if (c >= first && c < 0x7f) {
                line.append(c);
            } else if (c <= 0xff) {
                line.append("\\x");
                hex(line, c, 4);
            } else {
                line.append("\\u");
                hex(line, c, 12);
            }
        }
    }

    private static void hex(StringBuilder line, char c, int shift) {
        for (int at = shift; at >= 0; at -= 4) {
            line.append(HEX.charAt(c >> at & 0xf));
        }
    }
}
