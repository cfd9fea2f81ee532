package io.weft.http.files;

import io.weft.http.testing.Site;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.function.UnaryOperator;

/** A directory that is served, beside one that is not. */
final class Folder {
    /** When all files were changed, with a part of a second that HTTP cannot say. */
    static final Instant MODIFIED = Instant.parse("2026-03-09T04:05:06.789Z");

    static final String DATE = "Mon, 09 Mar 2026 04:05:06 GMT";

    final Path root;
    final Path outside;

    Folder(Path parent) throws IOException {
        root = Files.createDirectory(parent.resolve("public"));
        outside = Files.createDirectory(parent.resolve("private"));
    }

    /** A new file in the directory. */
    Path file(String name, String content) throws IOException {
        return write(root.resolve(name), content);
    }

    /** A new file beside the directory. */
    Path secret(String name, String content) throws IOException {
        return write(outside.resolve(name), content);
    }

    private static Path write(Path path, String content) throws IOException {
        Files.createDirectories(path.getParent());
        Files.writeString(path, content);
        return Files.setLastModifiedTime(path, FileTime.from(MODIFIED));
    }

    Site serve() throws IOException {
        return serve(files -> files);
    }

    Site serve(UnaryOperator<StaticFiles> settings) throws IOException {
        return new Site(settings.apply(StaticFiles.of(root)));
    }
}
