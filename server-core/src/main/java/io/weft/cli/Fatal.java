package io.weft.cli;

import io.weft.OutOfMemory;

import org.slf4j.LoggerFactory;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.lang.ref.Reference;
import java.nio.charset.StandardCharsets;
import java.util.function.IntConsumer;

/**
 * Ends a command that cannot go on, by one line and exit code 1, so that whoever looks after it
 * starts it again: when memory has run out and nobody has dealt with that, and when one of Weft's
 * own threads has failed. A server that went on without a loop would hold its port and answer
 * nobody. What a handler allocates too much of is its own failure, and answered by 500, if there is
 * some memory left after that.
 *
 * <p>Done by the JVM with {@code -XX:+ExitOnOutOfMemoryError}, which a jar cannot ask for: then a
 * handler's failure ends the process too. Any thread.
 */
public final class Fatal implements Thread.UncaughtExceptionHandler {
    private static final int PART = 100; // of all memory there should be one left
    private static final long MOST_BYTES = 4 * 1024 * 1024;
    private static final String OWN = "weft-"; // so are all threads named that Weft makes

    // made before: there may be no memory left
    private final byte[] outOfMemory;
    private final byte[] failed;
    private final FileOutputStream err = new FileOutputStream(FileDescriptor.err);
    private final IntConsumer end;

    Fatal(String command, IntConsumer end) {
        this.end = end;
        this.outOfMemory = line(command, "out of memory: the process ends");
        this.failed = line(command, "a thread of the server has failed: the process ends");
    }

    private static byte[] line(String command, String text) {
        return (command + ": " + text + System.lineSeparator()).getBytes(StandardCharsets.UTF_8);
    }

    /** From now on, for {@code command}, which is what it is called in its messages. */
    public static void install(String command) {
        var fatal = new Fatal(command, Runtime.getRuntime()::halt);
        Thread.setDefaultUncaughtExceptionHandler(fatal);
        OutOfMemory.listen(fatal::endWithoutMemory);
    }

    /** Whether what a server needs all the time can be had, after a failure. */
    void endWithoutMemory() {
        long part = Math.min(Runtime.getRuntime().maxMemory() / PART, MOST_BYTES);
        byte[] probe = outOfMemory;
        try {
            probe = new byte[(int) part];
        } catch (OutOfMemoryError e) {
            end(outOfMemory);
        } finally {
            Reference.reachabilityFence(probe);
        }
    }

    @Override
    public void uncaughtException(Thread thread, Throwable e) {
        if (e instanceof OutOfMemoryError) {
            end(outOfMemory);
        } else if (thread.getName().startsWith(OWN)) {
            try {
                report(thread, e);
            } finally {
                end(failed);
            }
        } else {
            report(thread, e);
        }
    }

    private static void report(Thread thread, Throwable e) {
        LoggerFactory.getLogger(Fatal.class)
                .error("thread {} failed with {}", thread.getName(), e.toString(), e);
    }

    private void end(byte[] line) {
        try {
            err.write(line);
        } catch (IOException e) {
            // then without a word
        } finally {
            end.accept(Commands.FAILED);
        }
    }
}
