package io.weft.http;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.nio.channels.FileChannel;

/**
 * Where a response goes: the protocol, or something that a filter has put before it ({@link
 * Response#through}). In the connection's coroutine.
 *
 * <pre>
 *   whole                               or
 *   begin ─▶ (write │ writeFile │ flush)* ─▶ end
 * </pre>
 */
public interface ResponseSink {
    /** Sends a head and the whole body, which may be empty. */
    void whole(int status, Headers headers, byte[] body) throws IOException;

    /** Sends a head whose {@code Content-Length}, if it has one, is that of what follows. */
    void begin(int status, Headers headers) throws IOException;

    /** Sends a piece of the body. It may be used again at once. */
    void write(byte[] bytes, int offset, int length) throws IOException;

    /** Sends a part of a file as a piece of the body, and closes it, also if this fails. */
    void writeFile(FileChannel file, long position, long count) throws IOException;

    /** Waits until what was sent has been given to the kernel. */
    void flush() throws IOException;

    /** Ends the body, with trailers where the protocol has them. */
    void end(@Nullable Headers trailers) throws IOException;
}
