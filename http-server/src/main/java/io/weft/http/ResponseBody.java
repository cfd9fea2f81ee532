package io.weft.http;

import java.io.IOException;
import java.io.OutputStream;
import java.util.Objects;

/** The body of a response as a stream. For the handler's coroutine. */
final class ResponseBody extends OutputStream {
    private final Response response;

    ResponseBody(Response response) {
        this.response = response;
    }

    @Override
    public void write(int b) throws IOException {
        write(new byte[] {(byte) b}, 0, 1);
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
        Objects.checkFromIndexSize(offset, length, bytes.length);
        if (length > 0) {
            response.write(bytes, offset, length);
        }
    }

    @Override
    public void flush() throws IOException {
        response.flush();
    }

    @Override
    public void close() throws IOException {
        response.end();
    }
}
