package io.weft.net;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** Sends files where the kernel cannot do it alone, because TLS comes between. */
final class Files {
    private static final int CHUNK = 64 * 1024;

    private Files() {}

    static void copy(Path file, long position, long count, Connection to) throws IOException {
        try (var channel = FileChannel.open(file, StandardOpenOption.READ)) {
            var buffer = ByteBuffer.allocate((int) Math.min(CHUNK, count));
            for (long done = 0; done < count; done += buffer.limit()) {
                buffer.clear().limit((int) Math.min(CHUNK, count - done));
                if (channel.read(buffer, position + done) < 0) {
                    throw new EOFException(file + " ends " + (count - done) + " bytes too early");
                }
                buffer.flip();
                to.write(buffer.array(), 0, buffer.limit());
            }
        }
    }
}
