package io.weft.http.h1;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http.DefaultHttpResponse;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseEncoder;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpVersion;
import io.weft.LoopLocal;
import io.weft.net.Connection;

import org.jspecify.annotations.Nullable;

import java.io.IOException;

/**
 * Encodes the head of a response, and the trailers behind its body, in the coroutine, by Netty's
 * encoder, into bytes that go out with those of the body: one small copy into the connection's
 * output, where a message through the pipeline costs objects, a buffer of its own and cold memory.
 * What is set afterwards comes too late for the wire. Loop-confined.
 */
final class Heads {
    private static final LoopLocal<Heads> OF = new LoopLocal<>(loop -> new Heads());
    private static final Encoder ENCODER = new Encoder();

    private static final int USUAL_BYTES = 512;

    /** A larger one is not kept for the next head. */
    private static final int MOST_BYTES = 16 * 1024;

    /** Null while a writer has it: it may have to wait for room, and another one comes along. */
    private @Nullable ByteBuf spare = Unpooled.buffer(USUAL_BYTES);

    private Heads() {}

    /** Writes a head, and a small body behind it. */
    static void write(
            Connection connection, HttpResponseStatus status, HttpHeaders fields, byte[] body)
            throws IOException {
        var head = new DefaultHttpResponse(HttpVersion.HTTP_1_1, status, fields);
        OF.get(connection.loop()).writeTo(connection, head, fields, body);
    }

    /** Writes the trailers behind the last chunk, and the empty line that ends them. */
    static void writeTrailers(Connection connection, HttpHeaders trailers) throws IOException {
        OF.get(connection.loop()).writeTo(connection, null, trailers, new byte[0]);
    }

    private void writeTo(
            Connection connection, @Nullable HttpResponse first, HttpHeaders fields, byte[] body)
            throws IOException {
        ByteBuf bytes = spare != null ? spare : Unpooled.buffer(USUAL_BYTES);
        spare = null;
        try {
            ENCODER.encode(first, fields, bytes.clear());
            bytes.writeBytes(body);
            connection.write(bytes.array(), bytes.arrayOffset(), bytes.readableBytes());
        } finally {
            if (bytes.capacity() <= MOST_BYTES) {
                spare = bytes;
            }
        }
    }

    /** Netty's, of which only the parts without a state are used: any thread. */
    private static final class Encoder extends HttpResponseEncoder {
        private static final int CRLF = '\r' << 8 | '\n';

        void encode(@Nullable HttpResponse first, HttpHeaders fields, ByteBuf out) {
            if (first != null) {
                try {
                    encodeInitialLine(out, first);
                } catch (Exception e) {
                    throw new IllegalStateException(e); // declared, and thrown by none
                }
            }
            encodeHeaders(fields, out);
            out.writeShort(CRLF);
        }
    }
}
