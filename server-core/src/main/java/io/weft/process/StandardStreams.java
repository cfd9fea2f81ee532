package io.weft.process;

import java.io.FileDescriptor;
import java.io.FileOutputStream;

/**
 * This process's own standard input and output for coroutines (gevent: FileObject of sys.stdin).
 * {@code System.in} is a file to the JDK, and reading it holds the loop, for as long as a user
 * takes to type. Each is one for the whole process, made at first use, and never closed. Any
 * thread.
 */
public final class StandardStreams {
    private StandardStreams() {}

    /**
     * Reads {@link System#in}, as it is at the first call; nobody else is to read that from then
     * on. Closing it is for nobody to do, and does nothing.
     *
     * <p>{@link CooperativeInputStream#readLine} is for several coroutines that each want lines,
     * and for those that give up: a limit that strikes in the middle of a line loses none of it.
     */
    public static CooperativeInputStream stdin() {
        return In.STREAM;
    }

    /**
     * Writes to the standard output: past {@link System#out}, which is not cooperative, so use one
     * of them. What has not been flushed when the process ends is lost. Closing it flushes.
     */
    public static CooperativeOutputStream stdout() {
        return Out.STREAM;
    }

    private static final class In {
        static final CooperativeInputStream STREAM =
                new CooperativeInputStream(System.in, "standard input", true);
    }

    private static final class Out {
        static final CooperativeOutputStream STREAM =
                new CooperativeOutputStream(
                        new FileOutputStream(FileDescriptor.out), "standard output", true);
    }
}
