package io.weft.http.testing;

import java.io.InputStream;
import java.nio.charset.StandardCharsets;

/** A body that comes in pieces: a read brings nothing from behind the next cut. */
public final class Dribble extends InputStream {
    private final byte[] bytes;
    private final int[] cuts;
    private int position;

    /**
     * The body of {@code octets}, one character to a byte.
     *
     * @param cuts offsets, in their order
     */
    public Dribble(String octets, int... cuts) {
        this.bytes = octets.getBytes(StandardCharsets.ISO_8859_1);
        this.cuts = cuts;
    }

    /** Byte by byte. */
    public static Dribble bytes(String octets) {
        var everywhere = new int[octets.length()];
        for (int i = 0; i < everywhere.length; i++) {
            everywhere[i] = i;
        }
        return new Dribble(octets, everywhere);
    }

    @Override
    public int read() {
        return position < bytes.length ? bytes[position++] & 0xff : -1;
    }

    @Override
    public int read(byte[] into, int offset, int length) {
        if (position == bytes.length) {
            return -1;
        }
        int end = bytes.length;
        for (int i = cuts.length - 1; i >= 0 && cuts[i] > position; i--) {
            end = cuts[i];
        }
        int count = Math.min(length, end - position);
        System.arraycopy(bytes, position, into, offset, count);
        position += count;
        return count;
    }
}
