package io.weft.http.compression;

import com.aayushatharva.brotli4j.decoder.BrotliInputStream;
import com.github.luben.zstd.ZstdInputStream;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.zip.GZIPInputStream;
import java.util.zip.InflaterInputStream;

/** What a body stands for, by the libraries themselves. */
final class Unpacked {
    private Unpacked() {}

    /**
     * The text in {@code bytes}.
     *
     * @param bytes one to a character
     */
    static String text(ContentCoding coding, String bytes) throws IOException {
        try (var in = stream(coding, bytes)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    private static InputStream stream(ContentCoding coding, String bytes) throws IOException {
        var in = new ByteArrayInputStream(bytes.getBytes(StandardCharsets.ISO_8859_1));
        return switch (coding) {
            case BROTLI -> new BrotliInputStream(in);
            case ZSTD -> new ZstdInputStream(in);
            case GZIP -> new GZIPInputStream(in);
            case DEFLATE -> new InflaterInputStream(in);
        };
    }
}
