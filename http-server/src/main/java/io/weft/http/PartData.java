package io.weft.http;

import io.netty.buffer.ByteBuf;

import org.jspecify.annotations.Nullable;

import java.nio.charset.Charset;
import java.util.ArrayDeque;

/** A part as far as it was decoded, and what of its content has come and was not read. */
final class PartData {
    final String name;
    final @Nullable String fileName;
    final @Nullable String contentType;
    final Charset charset;
    private final ArrayDeque<ByteBuf> pieces = new ArrayDeque<>(2);
    private boolean complete;

    PartData(
            String name, @Nullable String fileName, @Nullable String contentType, Charset charset) {
        this.name = name;
        this.fileName = fileName;
        this.contentType = contentType;
        this.charset = charset;
    }

    void add(ByteBuf piece, boolean last) {
        if (piece.isReadable()) {
            pieces.addLast(piece);
        }
        complete = last;
    }

    /** Whether its boundary has come. */
    boolean isComplete() {
        return complete;
    }

    /** What comes next; null if that is not here yet. */
    @Nullable ByteBuf piece() {
        while (!pieces.isEmpty() && !pieces.getFirst().isReadable()) {
            pieces.removeFirst();
        }
        return pieces.peekFirst();
    }

    /** Forgets what has come. */
    void skip() {
        pieces.clear();
    }
}
