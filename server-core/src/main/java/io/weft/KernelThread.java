package io.weft;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * A thread of this process as Linux shows it ({@code proc(5)}): whether it sleeps in a system call
 * or a lock of the JVM's, which Java counts as running. Any thread.
 */
final class KernelThread {
    private static final Path SELF = Path.of("/proc/thread-self");

    private final Path stat;

    private KernelThread(Path stat) {
        this.stat = stat;
    }

    /** The calling platform thread, or the one below; null on another system. */
    static @Nullable KernelThread current() {
        try {
            Path task = Files.readSymbolicLink(SELF); // PID/task/TID
            return new KernelThread(
                    Path.of("/proc/self/task", task.getFileName().toString(), "stat"));
        } catch (IOException | RuntimeException e) {
            return null;
        }
    }

    /**
     * The processor time that it has used, in the kernel's ticks, if it sleeps now; -1 if it runs
     * or would run if it got a processor, or if nobody knows.
     */
    long asleepAt() {
        try {
            String line = Files.readString(stat, StandardCharsets.ISO_8859_1);
            String[] fields = line.substring(line.lastIndexOf(')') + 2).split(" ", 14);
            boolean sleeps = fields[0].equals("S") || fields[0].equals("D");
            return sleeps ? Long.parseLong(fields[11]) + Long.parseLong(fields[12]) : -1;
        } catch (IOException | RuntimeException e) {
            return -1;
        }
    }
}
