package io.weft.load;

import org.jspecify.annotations.Nullable;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * The message of one connection, written anew in the same bytes each time: "hello N" as in the
 * course notes, padded with dots where a size is asked for that it does not fill. A size too small
 * for "hello N" holds the end of it, so that successive messages still differ. One worker's.
 */
final class Message {
    private static final byte[] HELLO = "hello ".getBytes(StandardCharsets.US_ASCII);
    private static final int MOST_DIGITS = 19; // of a long

    /** How much of a wrong reply is shown. */
    private static final int SHOWN = 64;

    private final int size;
    private final byte[] digits = new byte[MOST_DIGITS];
    private final byte[] bytes;

    /**
     * @param size of every message in bytes; 0 for as many as "hello N" needs
     */
    Message(int size) {
        this.size = size;
        this.bytes = new byte[size == 0 ? HELLO.length + MOST_DIGITS : size];
        Arrays.fill(bytes, (byte) '.');
    }

    /** Writes message {@code n} and says how long it is. */
    int encode(long n) {
        int first = MOST_DIGITS;
        long rest = n;
        do {
            digits[--first] = (byte) ('0' + rest % 10);
            rest /= 10;
        } while (rest > 0);
        int length = HELLO.length + MOST_DIGITS - first;
        int cut = Math.max(0, length - bytes.length); // what does not fit of the front
        int helloLeft = Math.max(0, HELLO.length - cut);
        int digitsLeft = Math.min(bytes.length, MOST_DIGITS - first);
        System.arraycopy(HELLO, HELLO.length - helloLeft, bytes, 0, helloLeft);
        System.arraycopy(digits, MOST_DIGITS - digitsLeft, bytes, helloLeft, digitsLeft);
        return size == 0 ? length : size;
    }

    /**
     * What differs between the message and its echo.
     *
     * @param length of both
     * @return null if nothing does
     */
    @Nullable String difference(byte[] echo, int length) {
        return Arrays.mismatch(bytes, 0, length, echo, 0, length) < 0
                ? null
                : "sent " + shown(bytes, length) + ", got " + shown(echo, length);
    }

    /** Bytes as they may be shown anywhere: quoted, the unprintable ones by their number. */
    static String shown(byte[] bytes, int length) {
        var text = new StringBuilder("\"");
        for (int i = 0; i < Math.min(length, SHOWN); i++) {
            int b = bytes[i] & 0xff;
            text.append(b >= ' ' && b < 127 ? Character.toString(b) : String.format("\\x%02x", b));
        }
        return text.append(length > SHOWN ? "..." : "\"").toString();
    }

    static String text(byte[] bytes, int length) {
        return new String(bytes, 0, length, StandardCharsets.UTF_8);
    }

    /** Where {@link #encode} writes. */
    byte[] bytes() {
        return bytes;
    }
}
