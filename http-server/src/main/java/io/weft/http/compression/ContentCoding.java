package io.weft.http.compression;

import io.netty.handler.codec.compression.Brotli;
import io.netty.handler.codec.compression.Zstd;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.util.zip.DeflaterOutputStream;
import java.util.zip.GZIPOutputStream;

/**
 * Content codings (RFC 9110 section 8.4.1), in the order of Netty's choice among equals. Brotli
 * needs brotli4j on the class path, Zstandard zstd-jni; the levels are those of Netty's {@code
 * StandardCompressionOptions}. Any thread.
 */
public enum ContentCoding {
    BROTLI("br"),
    ZSTD("zstd"),
    GZIP("gzip"),
    /** In the format of zlib (RFC 1950), as the RFC has it. */
    DEFLATE("deflate");

    private static final int BUFFER = 8192;

    private final String token;

    ContentCoding(String token) {
        this.token = token;
    }

    /** What HTTP calls it. */
    public String token() {
        return token;
    }

    /** Whether the library that it needs is there, for this platform too. */
    public boolean isAvailable() {
        return switch (this) {
            case BROTLI -> Brotli.isAvailable();
            case ZSTD -> Zstd.isAvailable();
            case GZIP, DEFLATE -> true;
        };
    }

    /**
     * A stream that compresses into {@code out}. Its flush makes all that was written readable to
     * the other side. It holds native memory until it is closed.
     */
    public OutputStream into(OutputStream out) throws IOException {
        return switch (this) {
            case BROTLI -> Libraries.brotli(out, BUFFER);
            case ZSTD -> Libraries.zstd(out);
            case GZIP -> new GZIPOutputStream(out, BUFFER, true);
            case DEFLATE -> new DeflaterOutputStream(out, true);
        };
    }

    /** All of {@code bytes} in this coding. */
    public byte[] compress(byte[] bytes) throws IOException {
        var packed = new ByteArrayOutputStream(bytes.length / 2 + 32);
        try (var out = into(packed)) {
            out.write(bytes);
        }
        return packed.toByteArray();
    }
}
