package io.weft.http.files;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;

/** Looks for a file in the file system, which blocks. On a platform thread. */
final class Lookup implements Callable<@Nullable Found> {
    private final Path root; // real
    private final String index;
    private final List<String> segments;
    private final Set<Encoding> accepted;
    private final boolean toBeSent;

    Lookup(
            Path root,
            String index,
            List<String> segments,
            Set<Encoding> accepted,
            boolean toBeSent) {
        this.root = root;
        this.index = index;
        this.segments = segments;
        this.accepted = accepted;
        this.toBeSent = toBeSent;
    }

    /** What there is; null if nothing that may be served. */
    @Override
    public @Nullable Found call() throws IOException {
        try {
            return find();
        } catch (NoSuchFileException e) {
            return null; // deleted between two looks at it
        }
    }

    private @Nullable Found find() throws IOException {
        boolean asDirectory = segments.getLast().isEmpty();
        Path path = real(String.join("/", segments));
        if (path == null) {
            return null;
        }
        BasicFileAttributes attributes = attributes(path);
        if (attributes.isDirectory()) {
            return asDirectory ? indexOf(path) : Found.DIRECTORY;
        }
        return asDirectory || !attributes.isRegularFile() ? null : best(path, attributes);
    }

    private @Nullable Found indexOf(Path directory) throws IOException {
        Path path = real(root.relativize(directory).resolve(index).toString());
        if (path == null) {
            return null;
        }
        BasicFileAttributes attributes = attributes(path);
        return attributes.isRegularFile() ? best(path, attributes) : null;
    }

    /** The file, or a sibling that holds it compressed. */
    private Found best(Path path, BasicFileAttributes plain) throws IOException {
        String type = ContentTypes.of(path.getFileName().toString());
        Path best = path;
        BasicFileAttributes bestAttributes = plain;
        Encoding chosen = null;
        boolean varies = false;
        for (Encoding encoding : Encoding.values()) {
            Path sibling = real(root.relativize(path) + encoding.suffix());
            if (sibling == null) {
                continue;
            }
            BasicFileAttributes attributes = attributes(sibling);
            if (attributes.isRegularFile()) {
                varies = true;
                if (chosen == null && accepted.contains(encoding)) {
                    best = sibling;
                    bestAttributes = attributes;
                    chosen = encoding;
                }
            }
        }
        return Found.file(best, bestAttributes, toBeSent, type, chosen, varies);
    }

    private static BasicFileAttributes attributes(Path path) throws IOException {
        return Files.readAttributes(path, BasicFileAttributes.class);
    }

    /**
     * Where that is when all links have been followed; null if nowhere to be read, or not below the
     * root.
     */
    private @Nullable Path real(String relative) throws IOException {
        try {
            Path path = root.resolve(relative).toRealPath();
            return path.startsWith(root) && Files.isReadable(path) ? path : null;
        } catch (InvalidPathException
                | NoSuchFileException
                | NotDirectoryException
                | AccessDeniedException e) {
            return null;
        } catch (FileSystemException e) {
            return notThere(e);
        }
    }

    /** Linux tells of a file used as a directory, a name too long and a loop of links only so. */
    private static @Nullable Path notThere(FileSystemException e) throws FileSystemException {
        String reason = e.getReason() == null ? "" : e.getReason();
        if (reason.contains("Not a directory")
                || reason.contains("File name too long")
                || reason.contains("Too many levels of symbolic links")) {
            return null;
        }
        throw e;
    }
}
