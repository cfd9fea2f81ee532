package io.weft.http;

import io.weft.http.form.Part;

/** Requests with forms, to a server that tells what it has read. The boundary is XyZ. */
final class Forms {
    static final String POST =
            "POST / HTTP/1.1\r\nHost: a\r\nContent-Type: multipart/form-data; boundary=XyZ\r\n";

    /** Tells each part on a line. */
    static final Handler TELL =
            (request, response) -> {
                var told = new StringBuilder();
                var form = request.multipart();
                for (Part part; (part = form.next()) != null; ) {
                    told.append(part.name()).append('|').append(part.fileName()).append('|');
                    told.append(part.contentType()).append('|').append(part.text()).append('\n');
                }
                response.send(told.toString());
            };

    private Forms() {}

    /** A part, with its boundary before it. */
    static String part(String head, String content) {
        return "--XyZ\r\nContent-Disposition: form-data; " + head + "\r\n\r\n" + content + "\r\n";
    }

    /** A body of these parts. */
    static String whole(String... parts) {
        return String.join("", parts) + "--XyZ--\r\n";
    }

    /** A request with its length. */
    static String post(String body) {
        return POST + "Content-Length: " + body.length() + "\r\n\r\n" + body;
    }

    /** A request in these chunks; the empty ones are left out. */
    static String chunked(String... pieces) {
        var chunks = new StringBuilder(POST + "Transfer-Encoding: chunked\r\n\r\n");
        for (String piece : pieces) {
            if (!piece.isEmpty()) {
                chunks.append(Integer.toHexString(piece.length())).append("\r\n");
                chunks.append(piece).append("\r\n");
            }
        }
        return chunks.append("0\r\n\r\n").toString();
    }
}
