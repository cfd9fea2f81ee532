package io.weft.net;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;

/** Sends files where the kernel cannot do it alone, because TLS comes between. */
final class Files {
    private static final int CHUNK = 64 * 1024;

    private Files() {}

    /** Closes {@code file} in the end. */
    static void copy(FileChannel file, long position, long count, Connection to)
            throws IOException {
        try (file) {
            var buffer = ByteBuffer.allocate((int) Math.min(CHUNK, count));
            for (long done = 0; done < count; done += buffer.limit()) {
                buffer.clear().limit((int) Math.min(CHUNK, count - done));
                if (file.read(buffer, position + done) < 0) {
                    throw new EOFException("the file ends " + (count - done) + " bytes too early");
                }
                buffer.flip();
                to.write(buffer.array(), 0, buffer.limit());
            }
        }
    }
}
