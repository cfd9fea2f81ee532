package io.weft.http.compression;

import io.weft.http.Headers;
import io.weft.http.Request;
import io.weft.http.ResponseSink;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.nio.channels.FileChannel;

/** Sends a response compressed, if it fits and the client takes it. In the handler's coroutine. */
final class CompressedSink implements ResponseSink {
    private final ResponseSink next;
    private final Candidate candidate;
    private final @Nullable ContentCoding coding;
    private final Compressor compressor;
    private final Request request;
    private final boolean toHead;

    /**
     * @param coding what the client likes best; null for none
     */
    CompressedSink(
            ResponseSink next,
            Candidate candidate,
            @Nullable ContentCoding coding,
            Compressor compressor,
            Request request) {
        this.next = next;
        this.candidate = candidate;
        this.coding = coding;
        this.compressor = compressor;
        this.request = request;
        this.toHead = request.method().equals("HEAD");
    }

    /** Whether to compress: then the head says so. */
    private @Nullable ContentCoding choose(int status, Headers headers) {
        String length = headers.get("Content-Length");
        boolean fits =
                candidate.fits(status, headers, length == null ? -1 : Long.parseLong(length));
        if (fits || candidate.standsForOneThatFits(status, headers)) {
            Candidate.vary(headers);
        }
        if (fits && coding != null) {
            Candidate.encoded(headers, coding);
            return coding;
        }
        if (status == 304 && coding != null) {
            Candidate.unchanged(headers, request.headers().getAll("If-None-Match"));
        }
        return null;
    }

    @Override
    public void whole(int status, Headers headers, byte[] body) throws IOException {
        ContentCoding chosen = choose(status, headers);
        byte[] packed = body;
        if (chosen != null && !toHead) { // HEAD gets the fields of GET, but for the length
            packed = compressor.all(body);
            headers.set("Content-Length", Integer.toString(packed.length));
        }
        next.whole(status, headers, packed);
    }

    @Override
    public void begin(int status, Headers headers) throws IOException {
        ContentCoding chosen = choose(status, headers);
        next.begin(status, headers);
        if (chosen != null && !toHead) {
            compressor.open(next);
        }
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
        if (compressor.isOpen()) {
            compressor.write(bytes, offset, length);
        } else {
            next.write(bytes, offset, length);
        }
    }

    @Override
    public void writeFile(FileChannel file, long position, long count) throws IOException {
        if (compressor.isOpen()) {
            compressor.writeFile(file, position, count);
        } else {
            next.writeFile(file, position, count);
        }
    }

    @Override
    public void flush() throws IOException {
        if (compressor.isOpen()) {
            compressor.flush();
        }
        next.flush();
    }

    @Override
    public void end(@Nullable Headers trailers) throws IOException {
        if (compressor.isOpen()) {
            compressor.finish();
        }
        next.end(trailers);
    }
}
