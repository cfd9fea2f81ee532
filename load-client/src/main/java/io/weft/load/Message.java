package io.weft.load;

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

    /** Where {@link #encode} writes. */
    byte[] bytes() {
        return bytes;
    }
}
