package io.weft.http.files;

import io.weft.http.Handler;
import io.weft.http.HttpException;
import io.weft.http.Request;
import io.weft.http.Response;
import io.weft.pool.ThreadPool;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.ExecutionException;

/**
 * Serves the files below a directory: conditional requests and single ranges (RFC 9110 sections 13
 * and 14), {@code index.html}, and in place of a file its {@code .br} or {@code .gz} sibling for
 * clients that take it (nginx: gzip_static). To be set up before it is used, then for any thread.
 *
 * <p>Nothing outside the directory is served, also not by a symbolic link out of it; nor is what
 * begins with a dot, but for {@code .well-known} (RFC 8615). Whoever can write to the directory is
 * trusted: a link that is put there between check and use is followed.
 *
 * <p>The file system is asked on a thread of a {@link ThreadPool}, as that can block; the body goes
 * from kernel to kernel. Several ranges in one request are answered by the whole file, which RFC
 * 9110 section 14.2 allows.
 */
public final class StaticFiles implements Handler {
    private final Path root;
    private String prefix = "";
    private String index = "index.html";
    private @Nullable String cacheControl;
    private ThreadPool pool = ThreadPool.shared();

    private StaticFiles(Path root) {
        this.root = root;
    }

    /**
     * The files below {@code root}.
     *
     * @throws NotDirectoryException if it is no directory
     * @throws IOException if there is none, or it cannot be read
     */
    public static StaticFiles of(Path root) throws IOException {
        if (!Files.exists(root)) {
            throw new NoSuchFileException(root + ": expected a directory to serve files from");
        }
        Path real = root.toRealPath();
        if (!Files.isDirectory(real)) {
            throw new NotDirectoryException(root + ": expected a directory to serve files from");
        }
        return new StaticFiles(real);
    }

    /**
     * Takes this from the front of paths: with {@code /static} a request for {@code /static/a.css}
     * gets {@code a.css}.
     */
    public StaticFiles under(String path) {
        if (!path.startsWith("/") || path.endsWith("/")) {
            throw new IllegalArgumentException(
                    "expected a path that starts with a slash and ends without one, but got '"
                            + path
                            + "'");
        }
        prefix = path;
        return this;
    }

    /** What is served for a directory; {@code index.html} by default. */
    public StaticFiles index(String name) {
        index = name;
        return this;
    }

    /** What responses say in Cache-Control; nothing by default. */
    public StaticFiles cacheControl(@Nullable String directives) {
        cacheControl = directives;
        return this;
    }

    /** Where the file system is asked; the shared pool by default. */
    public StaticFiles pool(ThreadPool threads) {
        pool = threads;
        return this;
    }

    @Override
    public void handle(Request request, Response response) throws Exception {
        boolean toBeSent = request.method().equals("GET");
        if (!toBeSent && !request.method().equals("HEAD")) {
            refuse(request, response);
            return;
        }
        List<String> segments = Segments.of(request.pathSegments(), prefix);
        var accepted = Encoding.acceptedBy(request.headers());
        Found found = ask(new Lookup(root, index, segments, accepted, toBeSent));
        if (found == null) {
            String what = segments.getLast().isEmpty() ? "no " + index : "nothing";
            throw new HttpException(404, "there is " + what + " at " + request.rawPath());
        }
        if (found.isDirectory()) {
            redirect(request, response);
            return;
        }
        boolean handedOn = false;
        try {
            handedOn = send(found, request, response);
        } finally {
            if (!handedOn) {
                found.close();
            }
        }
    }

    private static void refuse(Request request, Response response) throws IOException {
        response.header("Allow", "GET, HEAD, OPTIONS");
        if (request.method().equals("OPTIONS")) { // RFC 9110 section 9.3.7
            response.status(204).send();
        } else {
            response.status(405).send("expected GET or HEAD\n");
        }
    }

    private @Nullable Found ask(Lookup lookup) throws Exception {
        try {
            return pool.apply(lookup);
        } catch (ExecutionException e) {
            throw e.getCause() instanceof Exception cause ? cause : e;
        }
    }

    /** So that what its index refers to is looked for in the directory. */
    private static void redirect(Request request, Response response) throws IOException {
        String query = request.rawQuery();
        String location = request.rawPath() + "/" + (query == null ? "" : "?" + query);
        response.status(301).header("Location", location).send();
    }

    /** Whether the file was handed on with the response, which closes it. */
    private boolean send(Found found, Request request, Response response) throws IOException {
        describe(found, response);
        switch (Condition.of(request, found)) {
            case NOT_MODIFIED -> response.status(304).send();
            case FAILED -> response.status(412).send();
            case HOLDS -> {
                return sendBody(found, request, response);
            }
        }
        return false;
    }

    private void describe(Found found, Response response) {
        response.header("ETag", found.tag());
        response.header("Last-Modified", found.date());
        if (found.varies()) {
            response.header("Vary", "Accept-Encoding");
        }
        if (cacheControl != null) {
            response.header("Cache-Control", cacheControl);
        }
    }

    private static boolean sendBody(Found found, Request request, Response response)
            throws IOException {
        response.header("Accept-Ranges", "bytes");
        ByteRange range = ByteRange.of(request, found);
        if (range.isNowhere()) {
            response.header("Content-Range", "bytes */" + found.size());
            response.status(416).send();
            return false;
        }
        response.header("Content-Type", found.type());
        if (found.encoding() != null) {
            response.header("Content-Encoding", found.encoding().coding());
        }
        if (range.isPart()) {
            response.status(206);
            response.header(
                    "Content-Range",
                    "bytes " + range.first() + "-" + range.last() + "/" + found.size());
        }
        FileChannel content = found.content();
        if (content == null) { // to HEAD
            response.header("Content-Length", Long.toString(range.length())).body().close();
            return false;
        }
        response.sendFile(content, range.first(), range.length());
        return true;
    }
}
