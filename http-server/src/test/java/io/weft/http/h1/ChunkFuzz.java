package io.weft.http.h1;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;

/** Chunked bodies and trailers are the same however they are cut (RFC 9112 section 7.1). */
public final class ChunkFuzz {
    private static final byte[] HEAD =
            "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n"
                    .getBytes(StandardCharsets.US_ASCII);

    private ChunkFuzz() {}

    /** One input of the fuzzer. */
    public static void fuzzerTestOneInput(byte[] input) {
        HeadFuzz.fuzzerTestOneInput(request(input));
    }

    /** As well, of an input that is kept, in pieces of all sizes. */
    public static void cutInAllWays(byte[] input) {
        HeadFuzz.cutInAllWays(request(input));
    }

    private static byte[] request(byte[] body) {
        var request = new ByteArrayOutputStream();
        request.writeBytes(HEAD);
        request.writeBytes(body);
        return request.toByteArray();
    }
}
