package io.weft.load;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.Supplier;

/** Files that the user wants written: refused before a run rather than lost after it. */
final class OutputFile {
    private OutputFile() {}

    /**
     * Checks what can be checked before.
     *
     * @throws IllegalArgumentException if it cannot be written
     */
    static void check(String option, @Nullable Path file) {
        if (file == null) {
            return;
        }
        Path folder = file.toAbsolutePath().getParent();
        if (folder == null || !Files.isDirectory(folder) || Files.isDirectory(file)) {
            throw new IllegalArgumentException(
                    option + " names a file in a folder that is there, but was " + file);
        }
        if (!Files.isWritable(Files.exists(file) ? file : folder)) {
            throw new IllegalArgumentException(
                    option + " names a file that can be written, but was " + file);
        }
    }

    /**
     * Writes it, if it is asked for.
     *
     * @param what it is, for the message
     */
    static void write(@Nullable Path file, String what, Supplier<String> text) throws IOException {
        if (file != null) {
            try {
                Files.writeString(file, text.get());
            } catch (IOException e) {
                throw new IOException("cannot write " + what + ": " + e, e);
            }
        }
    }
}
