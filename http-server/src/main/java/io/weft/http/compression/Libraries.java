package io.weft.http.compression;

import com.aayushatharva.brotli4j.encoder.BrotliOutputStream;
import com.aayushatharva.brotli4j.encoder.Encoder;
import com.github.luben.zstd.ZstdOutputStreamNoFinalizer;

import java.io.IOException;
import java.io.OutputStream;

/** The only touch of what may not be there: loaded when it is. */
final class Libraries {
    private static final int BROTLI_QUALITY = 4;
    private static final int ZSTD_LEVEL = 3;

    private Libraries() {}

    static OutputStream brotli(OutputStream out, int buffer) throws IOException {
        return new BrotliOutputStream(out, Encoder.Parameters.create(BROTLI_QUALITY), buffer);
    }

    static OutputStream zstd(OutputStream out) throws IOException {
        return new ZstdOutputStreamNoFinalizer(out, ZSTD_LEVEL);
    }
}
