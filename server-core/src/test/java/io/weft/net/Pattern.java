package io.weft.net;

import java.io.IOException;
import java.util.Random;

/**
 * An endless stream of bytes, each of which follows from the seed and its position: a stream that
 * is cut anywhere can still be checked as far as it came. Immutable.
 */
final class Pattern {
    static final int LARGEST = 100_000;

    private final long seed;

    Pattern(long seed) {
        this.seed = seed;
    }

    /** Puts the {@code count} bytes from {@code position} on into {@code bytes}. */
    void fill(byte[] bytes, int offset, int count, long position) {
        for (int i = 0; i < count; i++) {
            bytes[offset + i] = at(position + i);
        }
    }

    /** Fails at the first byte that is not the one of its position. */
    void check(byte[] bytes, int count, long position) {
        for (int i = 0; i < count; i++) {
            if (bytes[i] != at(position + i)) {
                throw new AssertionError("byte %d of the stream is wrong".formatted(position + i));
            }
        }
    }

    private byte at(long position) {
        long block = seed * 0x9E3779B97F4A7C15L + (position >>> 3);
        block = (block ^ (block >>> 30)) * 0xBF58476D1CE4E5B9L;
        block ^= block >>> 29;
        return (byte) (block >>> (8 * (position & 7)));
    }

    /** Writes the first {@code total} bytes in pieces of random sizes, and flushes. */
    void write(Connection connection, long total, long chunkSeed) throws IOException {
        var random = new Random(chunkSeed);
        var bytes = new byte[LARGEST];
        for (long position = 0; position < total; ) {
            int count = (int) Math.min(total - position, size(random));
            fill(bytes, 0, count, position);
            connection.write(bytes, 0, count);
            position += count;
        }
        connection.flush();
    }

    /** Reads in pieces of random sizes, checks them, and says how many bytes that was. */
    long readToTheEnd(Connection connection, long chunkSeed) throws IOException {
        return read(connection, Long.MAX_VALUE, chunkSeed);
    }

    /** As before, but at most {@code most} bytes. */
    long read(Connection connection, long most, long chunkSeed) throws IOException {
        var random = new Random(chunkSeed);
        var bytes = new byte[LARGEST];
        long position = 0;
        while (position < most) {
            int wanted = (int) Math.min(most - position, size(random));
            int count = connection.read(bytes, 0, wanted);
            if (count < 0) {
                break;
            }
            check(bytes, count, position);
            position += count;
        }
        return position;
    }

    /** Small ones as often as large ones. */
    private static int size(Random random) {
        return 1 + random.nextInt(1 << random.nextInt(1, 17)) % LARGEST;
    }
}
