package io.weft.http;

import io.netty.buffer.ByteBuf;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.io.InputStream;
import java.util.Objects;

/** The content of a part, which pulls from the request's body what it has not yet. */
final class PartInput extends InputStream {
    private final Multipart form;
    private final PartData data;

    PartInput(Multipart form, PartData data) {
        this.form = form;
        this.data = data;
    }

    @Override
    public int read() throws IOException {
        var one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] bytes, int offset, int length) throws IOException {
        Objects.checkFromIndexSize(offset, length, bytes.length);
        if (length == 0) {
            return 0;
        }
        ByteBuf piece = current();
        if (piece == null) {
            return -1;
        }
        int count = Math.min(length, piece.readableBytes());
        piece.readBytes(bytes, offset, count);
        return count;
    }

    private @Nullable ByteBuf current() throws IOException {
        while (true) {
            form.requireCurrent(data);
            ByteBuf piece = data.piece();
            if (piece != null || data.isComplete()) {
                return piece;
            }
            form.advance();
        }
    }

    @Override
    public int available() {
        ByteBuf piece = data.piece();
        return piece == null ? 0 : piece.readableBytes();
    }
}
