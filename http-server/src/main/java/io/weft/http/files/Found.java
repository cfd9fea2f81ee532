package io.weft.http.files;

import io.netty.handler.codec.DateFormatter;

import org.jspecify.annotations.Nullable;

import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Date;

/**
 * What a request is answered with. Immutable.
 *
 * @param path without symbolic links
 * @param modified ms since 1970; HTTP's dates have whole seconds
 * @param type the media type of what is inside, if it is encoded
 * @param encoding null if it is not encoded
 * @param varies whether other clients may get it encoded in another way
 */
record Found(
        Path path,
        boolean isDirectory,
        long size,
        long modified,
        String type,
        @Nullable Encoding encoding,
        boolean varies) {
    static Found directory(Path path) {
        return new Found(path, true, 0, 0, "", null, false);
    }

    static Found file(
            Path path,
            BasicFileAttributes attributes,
            String type,
            @Nullable Encoding encoding,
            boolean varies) {
        return new Found(
                path,
                false,
                attributes.size(),
                attributes.lastModifiedTime().toMillis(),
                type,
                encoding,
                varies);
    }

    /** Of time and size, as nginx's, and strong: a sibling has another (RFC 9110 section 8.8.3). */
    String tag() {
        String suffix = encoding == null ? "" : "-" + encoding.coding();
        return "\"" + Long.toHexString(modified) + "-" + Long.toHexString(size) + suffix + "\"";
    }

    long modifiedSeconds() {
        return Math.floorDiv(modified, 1000L);
    }

    @SuppressWarnings("JavaUtilDate") // what the formatter takes
    String date() {
        return DateFormatter.format(new Date(modified));
    }
}
