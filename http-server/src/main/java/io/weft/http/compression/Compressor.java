package io.weft.http.compression;

import io.weft.Weft;
import io.weft.http.ResponseSink;
import io.weft.pool.ThreadPool;

import org.jspecify.annotations.Nullable;

import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;

/**
 * The compressor of one response: closed, it has let go of its native memory, however the response
 * ended. In the handler's coroutine; others have their turn after every 64 KB.
 */
final class Compressor implements AutoCloseable {
    private static final int SLICE = 64 * 1024;

    private final Compression.Opener opener;
    private final @Nullable ContentCoding coding;
    private final ThreadPool pool;
    private @Nullable OutputStream stream;
    private @Nullable Pieces pieces;

    Compressor(Compression.Opener opener, @Nullable ContentCoding coding, ThreadPool pool) {
        this.opener = opener;
        this.coding = coding;
        this.pool = pool;
    }

    boolean isOpen() {
        return stream != null;
    }

    /** What is written from now on goes to {@code sink}. */
    void open(ResponseSink sink) throws IOException {
        pieces = new Pieces(sink);
        stream = opener.open(chosen(), pieces);
    }

    private ContentCoding chosen() {
        if (coding == null) {
            throw new IllegalStateException("there is nothing to compress by");
        }
        return coding;
    }

    /** A whole body at once. */
    byte[] all(byte[] body) throws IOException {
        var packed = new ByteArrayOutputStream(body.length / 2 + 32);
        stream = opener.open(chosen(), packed);
        write(body, 0, body.length);
        stream.close();
        stream = null;
        return packed.toByteArray();
    }

    void write(byte[] bytes, int offset, int length) throws IOException {
        OutputStream out = current();
        for (int done = 0; done < length; done += SLICE) {
            if (done > 0) {
                letOthersRun();
            }
            out.write(bytes, offset + done, Math.min(SLICE, length - done));
        }
    }

    private static void letOthersRun() throws IOException {
        try {
            Weft.yieldNow();
        } catch (InterruptedException e) {
            throw (IOException) new InterruptedIOException(e.getMessage()).initCause(e);
        }
    }

    /** A file is read on a thread of the pool, as that may block; it is closed in the end. */
    void writeFile(FileChannel file, long position, long count) throws IOException {
        try (file) {
            OutputStream out = current();
            var bytes = new byte[(int) Math.min(SLICE, count)];
            for (long done = 0; done < count; ) {
                var room = ByteBuffer.wrap(bytes, 0, (int) Math.min(bytes.length, count - done));
                long from = position + done;
                int read = onPool(() -> file.read(room, from));
                if (read < 0) {
                    throw new EOFException("the file has become shorter while it was sent");
                }
                out.write(bytes, 0, read);
                done += read;
            }
        }
    }

    private <T> T onPool(Callable<T> job) throws IOException {
        try {
            return pool.apply(job);
        } catch (ExecutionException e) {
            throw e.getCause() instanceof IOException known ? known : new IOException(e.getCause());
        } catch (InterruptedException e) {
            throw (IOException) new InterruptedIOException(e.getMessage()).initCause(e);
        }
    }

    /** Passes on all that was written so far. */
    void flush() throws IOException {
        current().flush();
        push();
    }

    /** Passes on the end. */
    void finish() throws IOException {
        current().close();
        stream = null;
        push();
    }

    private void push() throws IOException {
        if (pieces != null) {
            pieces.push();
        }
    }

    private OutputStream current() {
        if (stream == null) {
            throw new IllegalStateException("the compressor is not open");
        }
        return stream;
    }

    /** Lets go of the native memory of a response that came to no end. */
    @Override
    public void close() throws IOException {
        if (stream != null) {
            if (pieces != null) {
                pieces.discard();
            }
            stream.close();
            stream = null;
        }
    }
}
