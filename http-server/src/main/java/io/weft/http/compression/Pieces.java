package io.weft.http.compression;

import io.weft.http.ResponseSink;

import java.io.IOException;
import java.io.OutputStream;

/** Gathers what a compressor gives in small bits. In the handler's coroutine. */
final class Pieces extends OutputStream {
    private static final int SIZE = 8192;

    private final ResponseSink sink;
    private final byte[] bytes = new byte[SIZE];
    private int count;
    private boolean discards;

    Pieces(ResponseSink sink) {
        this.sink = sink;
    }

    @Override
    public void write(int b) throws IOException {
        write(new byte[] {(byte) b}, 0, 1);
    }

    @Override
    public void write(byte[] from, int offset, int length) throws IOException {
        if (discards) {
            return;
        }
        if (length > SIZE - count) {
            push();
        }
        if (length > SIZE) {
            sink.write(from, offset, length);
            return;
        }
        System.arraycopy(from, offset, bytes, count, length);
        count += length;
    }

    /** Passes on what has gathered. Not in flush(), which compressors call when they like. */
    void push() throws IOException {
        if (count > 0 && !discards) {
            int length = count;
            count = 0;
            sink.write(bytes, 0, length);
        }
    }

    /** Whatever comes from now on is not sent. */
    void discard() {
        discards = true;
    }
}
