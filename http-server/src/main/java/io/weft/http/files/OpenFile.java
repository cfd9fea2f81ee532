package io.weft.http.files;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Objects;

/**
 * An open file and what is known of just that file: whoever puts another one at its path, by a
 * rename, changes neither.
 */
record OpenFile(FileChannel channel, BasicFileAttributes attributes) {
    /** Renames that come between in so many tries running are no accident. */
    private static final int TRIES = 1_000;

    /**
     * Opens {@code path}, which had {@code before}, on a platform thread. Java tells nothing of a
     * file by its descriptor but its size, so the path has to lead to the same file before and
     * after it was opened.
     *
     * @throws IOException if it cannot be opened, or is replaced faster than that
     */
    static OpenFile open(Path path, BasicFileAttributes before) throws IOException {
        BasicFileAttributes known = before;
        for (int i = 0; i < TRIES; i++) {
            FileChannel channel = FileChannel.open(path, StandardOpenOption.READ);
            boolean same = false;
            try {
                var now = Files.readAttributes(path, BasicFileAttributes.class);
                same = isSame(known, now) && channel.size() == now.size();
                known = now;
            } finally {
                if (!same) {
                    channel.close();
                }
            }
            if (same) {
                return new OpenFile(channel, known);
            }
        }
        throw new IOException(path + " is replaced faster than it can be opened");
    }

    private static boolean isSame(BasicFileAttributes one, BasicFileAttributes other) {
        return Objects.equals(one.fileKey(), other.fileKey())
                && one.size() == other.size()
                && one.lastModifiedTime().equals(other.lastModifiedTime());
    }
}
