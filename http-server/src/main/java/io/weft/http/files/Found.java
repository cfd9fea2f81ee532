package io.weft.http.files;

import io.netty.handler.codec.DateFormatter;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Date;
import java.util.Objects;

/**
 * What a request is answered with: all of it is of one and the same file, whatever is put at its
 * path meanwhile. Immutable; to be closed unless {@code content} is handed on.
 *
 * @param isDirectory if it is one, nothing else is known
 * @param content the open file; null if it is not to be sent
 * @param modified ms since 1970; HTTP's dates have whole seconds
 * @param key which file it is, where the file system tells
 * @param type the media type of what is inside, if it is encoded
 * @param encoding null if it is not encoded
 * @param varies whether other clients may get it encoded in another way
 */
record Found(
        boolean isDirectory,
        @Nullable FileChannel content,
        long size,
        long modified,
        @Nullable Object key,
        String type,
        @Nullable Encoding encoding,
        boolean varies) {
    /** In that time a file can be replaced by another of the same size and the same time. */
    private static final long YOUNG_MS = 2_000;

    static final Found DIRECTORY = new Found(true, null, 0, 0, null, "", null, false);

    /** The file at {@code path}, open if it is {@code toBeSent}. On a platform thread. */
    static Found file(
            Path path,
            BasicFileAttributes seen,
            boolean toBeSent,
            String type,
            @Nullable Encoding encoding,
            boolean varies)
            throws IOException {
        OpenFile open = toBeSent ? OpenFile.open(path, seen) : null;
        BasicFileAttributes attributes = open == null ? seen : open.attributes();
        return new Found(
                false,
                open == null ? null : open.channel(),
                attributes.size(),
                attributes.lastModifiedTime().toMillis(),
                attributes.fileKey(),
                type,
                encoding,
                varies);
    }

    /**
     * Of time and size, as nginx's, and strong: a sibling has another (RFC 9110 section 8.8.3).
     * While the next change could still come to the same two, also of which file it is.
     */
    String tag() {
        boolean young = System.currentTimeMillis() - modified < YOUNG_MS;
        String which = young ? "-" + Integer.toHexString(Objects.hashCode(key)) : "";
        String suffix = encoding == null ? "" : "-" + encoding.coding();
        return "\""
                + Long.toHexString(modified)
                + "-"
                + Long.toHexString(size)
                + which
                + suffix
                + "\"";
    }

    /** For Last-Modified, which is never in the future (RFC 9110 section 8.8.2.1). */
    long modifiedSeconds() {
        return Math.floorDiv(Math.min(modified, System.currentTimeMillis()), 1000L);
    }

    @SuppressWarnings("JavaUtilDate") // what the formatter takes
    String date() {
        return DateFormatter.format(new Date(modifiedSeconds() * 1000));
    }

    void close() throws IOException {
        if (content != null) {
            content.close();
        }
    }
}
