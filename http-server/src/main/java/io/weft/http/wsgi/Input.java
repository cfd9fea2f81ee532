package io.weft.http.wsgi;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Iterator;
import java.util.NoSuchElementException;
import java.util.Objects;

/**
 * {@code wsgi.input}: the request's body, as a file in Python is read. It ends where the body does.
 * Loop-confined, for the application's coroutine, which each read blocks until there is what it
 * asks for.
 */
public final class Input implements Iterable<byte[]> {
    private static final byte[] NOTHING = {};

    private final InputStream body;
    private byte[] buffer = NOTHING; // made by the first that looks for a line
    private int next;
    private int end;

    Input(InputStream body) {
        this.body = body;
    }

    /** All that is left; empty at the end. */
    public byte[] read() throws IOException {
        return stream().readAllBytes();
    }

    /**
     * The next {@code size} bytes, fewer only where the body ends; all that is left if negative.
     */
    public byte[] read(int size) throws IOException {
        return size < 0 ? read() : stream().readNBytes(size);
    }

    /** The next line with its LF, or what is left if the body ends without; empty at the end. */
    public byte[] readLine() throws IOException {
        return readLine(-1);
    }

    /** As {@link #readLine()}, at most {@code size} bytes of it; any number if negative. */
    public byte[] readLine(int size) throws IOException {
        var line = new ByteArrayOutputStream();
        while (size < 0 || line.size() < size) {
            if (next == end && !fill()) {
                break;
            }
            int most = size < 0 ? end : Math.min(end, next + size - line.size());
            int feed = next;
            while (feed < most && buffer[feed] != '\n') {
                feed++;
            }
            boolean found = feed < most;
            int stop = found ? feed + 1 : most;
            line.write(buffer, next, stop - next);
            next = stop;
            if (found) {
                break;
            }
        }
        return line.toByteArray();
    }

    private boolean fill() throws IOException {
        if (buffer.length == 0) {
            buffer = new byte[8192];
        }
        next = 0;
        end = Math.max(0, body.read(buffer, 0, buffer.length));
        return end > 0;
    }

    /** The lines that are left, once; what fails comes as an {@link UncheckedIOException}. */
    @Override
    public Iterator<byte[]> iterator() {
        return new Lines();
    }

    /** The same as Java reads it. */
    public InputStream stream() {
        return new Rest();
    }

    private final class Lines implements Iterator<byte[]> {
        private byte[] line = NOTHING;

        @Override
        public boolean hasNext() {
            try {
                if (line.length == 0) {
                    line = readLine();
                }
                return line.length > 0;
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        @Override
        public byte[] next() {
            if (!hasNext()) {
                throw new NoSuchElementException("the body has no more lines");
            }
            byte[] current = line;
            line = NOTHING;
            return current;
        }
    }

    private final class Rest extends InputStream {
        @Override
        public int read() throws IOException {
            var one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
        }

        @Override
        public int read(byte[] bytes, int offset, int length) throws IOException {
            Objects.checkFromIndexSize(offset, length, bytes.length);
            if (next == end) {
                return body.read(bytes, offset, length);
            }
            int count = Math.min(length, end - next);
            System.arraycopy(buffer, next, bytes, offset, count);
            next += count;
            return count;
        }

        @Override
        public int available() throws IOException {
            return end - next + body.available();
        }
    }
}
