package io.weft.net;

/**
 * What a peer has sent, as a part of a message: it can neither end the message's line nor speak to
 * a terminal, and is not long.
 */
final class Quoted {
    private Quoted() {}

    /** At most {@code most} characters of {@code text}, in printable ASCII. */
    static String text(String text, int most) {
        var quoted = new StringBuilder();
        for (int i = 0; i < Math.min(text.length(), most); i++) {
            char c = text.charAt(i);
            if (c >= ' ' && c < 0x7f) {
                quoted.append(c);
            } else {
                quoted.append(String.format(c <= 0xff ? "\\x%02x" : "\\u%04x", (int) c));
            }
        }
        return text.length() > most ? quoted.append(" ...").toString() : quoted.toString();
    }
}
