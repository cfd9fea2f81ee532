package io.weft.http.compression;

import io.weft.http.Filter;
import io.weft.http.Handler;
import io.weft.http.Request;
import io.weft.http.Response;
import io.weft.pool.ThreadPool;

import java.io.IOException;
import java.io.OutputStream;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;

/**
 * Compresses responses for clients that take it: by the client's weights and, of equal ones, by
 * Brotli, Zstandard, gzip, deflate, as far as they are {@linkplain ContentCoding#isAvailable
 * available}. To be set up before it is used, then for any thread.
 *
 * <p>Left alone are bodies that are small, of types that do not shrink, encoded already, or with a
 * digest of their own; parts (206) and responses that say {@code no-transform}. What is compressed
 * loses Content-Length and Accept-Ranges and its ETag becomes weak; whatever could have been
 * compressed says {@code Vary: Accept-Encoding}. A weak ETag serves {@code If-None-Match}, by
 * {@linkplain io.weft.http.EntityTags#matchWeakly weak comparison}, and never {@code If-Match} and
 * {@code If-Range}.
 *
 * <p>A stream holds its compressor for as long as it lasts: about 260 KB of native memory with
 * gzip, more with the others. So events ({@code text/event-stream}), which last for hours, are left
 * alone too unless {@link #types} says otherwise; a flush pushes out what was written so far. Do
 * not compress what holds both a secret and something that the client has sent: its length tells
 * (BREACH).
 */
public final class Compression implements Filter {
    /** How to open a coding's stream. */
    interface Opener {
        OutputStream open(ContentCoding coding, OutputStream out) throws IOException;
    }

    private static final int LEAST = 1024;

    private static final Set<String> TYPES =
            Set.of(
                    "application/javascript",
                    "application/json",
                    "application/x-javascript",
                    "application/x-ndjson",
                    "application/xml",
                    "application/wasm",
                    "application/manifest+json",
                    "font/otf",
                    "font/ttf",
                    "image/bmp",
                    "image/svg+xml",
                    "image/x-icon");

    private final List<ContentCoding> codings;
    private final Opener opener;
    private int least = LEAST;
    private Predicate<String> types = Compression::shrinks;
    private ThreadPool pool = ThreadPool.shared();

    /** With all codings that are available. */
    public Compression() {
        this(ContentCoding::into);
    }

    Compression(Opener opener) {
        this.opener = opener;
        this.codings =
                Arrays.stream(ContentCoding.values()).filter(ContentCoding::isAvailable).toList();
    }

    /**
     * Bodies of a known length below this are left alone; 1024 bytes by default, as with Express: a
     * body that fits into one packet with its head gains nothing (nginx: 20).
     */
    public Compression atLeast(int bytes) {
        least = bytes;
        return this;
    }

    /** Which media types to compress, in lower case and without parameters. */
    public Compression types(Predicate<String> chosen) {
        types = chosen;
        return this;
    }

    /** Where files are read; the shared pool by default. */
    public Compression pool(ThreadPool threads) {
        pool = threads;
        return this;
    }

    /** Text, and what is text by another name (nginx: gzip_types; mime-db: compressible). */
    static boolean shrinks(String type) {
        return (type.startsWith("text/") && !type.equals("text/event-stream"))
                || type.endsWith("+json")
                || type.endsWith("+xml")
                || TYPES.contains(type);
    }

    @Override
    public void handle(Request request, Response response, Handler next) throws Exception {
        ContentCoding coding =
                AcceptEncoding.choose(request.headers().getAll("Accept-Encoding"), codings);
        var candidate = new Candidate(least, types);
        try (var compressor = new Compressor(opener, coding, pool)) {
            response.through(
                    sink -> new CompressedSink(sink, candidate, coding, compressor, request));
            next.handle(request, response);
            response.complete(); // while there is a compressor
        }
    }
}
