package io.weft.http.memory;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/**
 * What a client can go on sending, to have the server keep it: a beginning, and then more of the
 * same.
 */
@SuppressWarnings("ImmutableEnumChecker") // nobody writes to the arrays
enum Attack {
    FIELDS("GET / HTTP/1.1\r\nHost: a\r\n", "a: " + "b".repeat(4_000) + "\r\n"),
    TINY_FIELDS("GET / HTTP/1.1\r\nHost: a\r\n", "a:\r\n"),
    LINE("GET / HTTP/1.1\r\nHost: a\r\nX: ", "y"),
    REQUEST_LINE("GET /", "a"),
    EMPTY_LINES("", "\r\n"),
    CHUNK_EXTENSION(chunked("/unread") + "1;", "a"),
    CHUNK_SIZE(chunked("/unread"), "0"),
    TINY_CHUNKS(chunked("/unread"), "1\r\na\r\n"),
    TRAILERS(chunked("/unread") + "0\r\n", "a: " + "b".repeat(4_000) + "\r\n"),
    FOLDED_TRAILER(chunked("/unread") + "0\r\na: b\r\n", " c\r\n"),
    TINY_TRAILERS(chunked("/unread") + "0\r\n", "a:\r\n"),
    BODY("POST /unread HTTP/1.1\r\nHost: a\r\nContent-Length: 100000000\r\n\r\n", "a"),
    PIPELINED("GET /unread HTTP/1.1\r\nHost: a\r\n\r\n", "GET / HTTP/1.1\r\nHost: a\r\n\r\n"),
    STREAMS_UNREAD("", "GET /stream HTTP/1.1\r\nHost: a\r\n\r\n"),
    FORM(form("application/x-www-form-urlencoded"), "a=b&"),
    FORM_NAME(form("application/x-www-form-urlencoded"), "a"),
    PARTS(multipart(), "--x\r\nContent-Disposition: form-data; name=a\r\n\r\nb\r\n"),
    PART(multipart() + "--x\r\nContent-Disposition: form-data; name=a\r\n\r\n", "b"),
    PART_HEAD(multipart() + "--x\r\n", "a: b\r\n"),
    PREAMBLE(multipart(), "a\r\n"),
    ALMOST_BOUNDARY(
            multipart() + "--x\r\nContent-Disposition: form-data; name=a; filename=b\r\n\r\n",
            "\r\n--"),
    MESSAGE(true, frame(0x02, 4_000), frame(0x00, 4_000)),
    TINY_FRAGMENTS(true, frame(0x02, 1), frame(0x00, 1)),
    EMPTY_FRAGMENTS(true, frame(0x02, 1), frame(0x00, 0)),
    TINY_MESSAGES(true, "", frame(0x81, 1)),
    PINGS(true, "", frame(0x89, 125)),
    ECHOES_UNREAD(true, "", frame(0x82, 4_000));

    private static final int UNITS_AT_ONCE = 16 * 1024;

    /** Of a hundred, more than there is memory: as it comes, or of what is made of small units. */
    private static final int BYTES = 2 * 1024 * 1024;

    private static final int BYTES_OF_TINY = 256 * 1024;
    private static final int TINY = 16;

    /** Whether it comes over a WebSocket, once that is open. */
    final boolean overWebSocket;

    private final byte[] beginning;
    private final byte[] more;
    private final int bytes;

    Attack(String beginning, String unit) {
        this(false, beginning, unit);
    }

    Attack(boolean overWebSocket, String beginning, String unit) {
        this.overWebSocket = overWebSocket;
        this.bytes = unit.length() < TINY ? BYTES_OF_TINY : BYTES;
        this.beginning = beginning.getBytes(StandardCharsets.ISO_8859_1);
        this.more =
                unit.repeat(1 + UNITS_AT_ONCE / unit.length())
                        .getBytes(StandardCharsets.ISO_8859_1);
    }

    /** What one client sends. */
    ByteBuffer bytes() {
        var all = new ByteArrayOutputStream(bytes + beginning.length + more.length);
        all.writeBytes(beginning);
        while (all.size() < bytes) {
            all.writeBytes(more);
        }
        return ByteBuffer.wrap(all.toByteArray());
    }

    private static String chunked(String path) {
        return "POST " + path + " HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n";
    }

    private static String form(String type) {
        return "POST /form HTTP/1.1\r\nHost: a\r\nContent-Length: 100000000\r\nContent-Type: "
                + type
                + "\r\n\r\n";
    }

    private static String multipart() {
        return form("multipart/form-data; boundary=x").replace("/form ", "/upload ");
    }

    /** A masked frame whose mask changes nothing (RFC 6455 section 5.2). */
    private static String frame(int first, int length) {
        String size =
                length < 126
                        ? Character.toString(0x80 | length)
                        : "\u00fe" + (char) (length >> 8) + (char) (length & 0xff);
        return (char) first + size + "\0\0\0\0" + "a".repeat(length);
    }
}
