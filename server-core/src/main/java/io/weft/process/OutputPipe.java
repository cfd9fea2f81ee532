package io.weft.process;

import io.netty.channel.epoll.Epoll;
import io.netty.channel.unix.FileDescriptor;

import java.io.File;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.Path;

/**
 * A pipe of our own for what a child writes. That of the JDK ends with the child: what the child's
 * own children write later is lost, or not, by a race. This one ends when nobody can write to it
 * any more. For Linux, where a child can be given it by its name in /proc. Any thread; opening it
 * may take some time.
 *
 * @param writer to be closed here when the child has been started
 * @param reader whose close ends a read that is going on; at its end it closes itself
 */
record OutputPipe(FileDescriptor writer, InputStream reader) implements AutoCloseable {
    private static final String FOLDER = "/proc/self/fd";

    static boolean isAvailable() {
        return Epoll.isAvailable() && new File(FOLDER).isDirectory();
    }

    static OutputPipe open() throws IOException {
        FileDescriptor[] ends = FileDescriptor.pipe();
        try {
            // opened anew, so that a read blocks, and another thread can end it
            var channel = FileChannel.open(Path.of(file(ends[0].intValue()).getPath()));
            return new OutputPipe(ends[1], new Reader(Channels.newInputStream(channel)));
        } catch (Throwable e) {
            ends[1].close();
            throw e;
        } finally {
            ends[0].close();
        }
    }

    /** What the child gets. */
    ProcessBuilder.Redirect redirect() {
        return ProcessBuilder.Redirect.to(file(writer.intValue()));
    }

    private static File file(int descriptor) {
        return new File(FOLDER, String.valueOf(descriptor));
    }

    /** Closes both ends. */
    @Override
    public void close() throws IOException {
        try (reader) {
            writer.close();
        }
    }

    /** Many do not close what has ended, for the JDK's pipes need it not. */
    private static final class Reader extends FilterInputStream {
        private volatile boolean ended;

        Reader(InputStream source) {
            super(source);
        }

        @Override
        public int read(byte[] bytes, int offset, int length) throws IOException {
            if (ended) {
                return -1;
            }
            int count = super.read(bytes, offset, length);
            if (count < 0) {
                ended = true;
                close();
            }
            return count;
        }
    }
}
