package io.weft.http.wsgi;

import io.weft.http.Response;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/**
 * The way back of one request, with the rules of PEP 3333: when the head goes out, and that the
 * body is as long as was announced. Loop-confined.
 *
 * <pre>
 *   new ──start──▶ started ──first byte, or end──▶ committed
 *                   └─start with excInfo─┘          └─start with excInfo─▶ excInfo is thrown
 * </pre>
 */
final class Output implements StartResponse, Write {
    /** RFC 9110 section 7.6.1; they say how the server speaks, which the application cannot. */
    private static final Set<String> HOP_BY_HOP =
            Set.of(
                    "keep-alive",
                    "proxy-authenticate",
                    "proxy-authorization",
                    "proxy-connection",
                    "te",
                    "trailer",
                    "transfer-encoding",
                    "upgrade");

    /** What filters and the application may both have something to say in. */
    private static final Set<String> ADDING = Set.of("set-cookie", "vary", "link");

    private final Response response;
    private final boolean toHead;
    private final Set<String> said = new HashSet<>(); // the application's names, in lower case
    private boolean started;
    private long declared = -1; // Content-Length, if the application gave one

    Output(Response response, boolean toHead) {
        this.response = response;
        this.toHead = toHead;
    }

    @Override
    public Write start(
            String status, List<Map.Entry<String, String>> headers, @Nullable Throwable excInfo)
            throws Exception {
        if (excInfo == null && started) {
            throw new IllegalStateException(
                    "expected one start of a response, but '"
                            + status
                            + "' is another; to replace the first give what went wrong as excInfo");
        }
        if (excInfo != null && response.isCommitted()) {
            throw rethrown(excInfo);
        }
        clear();
        try {
            int code = code(status);
            if (status.length() > 4) {
                response.status(code, status.substring(4));
            } else {
                response.status(code);
            }
            for (var header : headers) {
                add(header.getKey(), header.getValue());
            }
        } catch (RuntimeException e) {
            clear();
            throw e;
        }
        started = true;
        return this;
    }

    private static Exception rethrown(Throwable excInfo) {
        return switch (excInfo) {
            case Exception exception -> exception;
            case Error error -> throw error;
            default -> new IllegalStateException(excInfo);
        };
    }

    /** Takes back what the application has said; what filters have set before it stays. */
    private void clear() {
        response.reset();
        started = false;
        declared = -1;
        said.clear();
    }

    private static int code(String status) {
        boolean shaped = status.length() == 3 || (status.length() > 3 && status.charAt(3) == ' ');
        for (int i = 0; i < status.length() && shaped; i++) {
            char c = status.charAt(i);
            shaped = i < 3 ? c >= '0' && c <= '9' : c >= ' ' && c <= '~';
        }
        if (!shaped) {
            throw new IllegalArgumentException(
                    "expected a status like '200 OK', but got '" + printable(status) + "'");
        }
        return Integer.parseInt(status, 0, 3, 10);
    }

    private void add(String name, String value) {
        for (int i = 0; i < value.length(); i++) {
            if (value.charAt(i) > 0xff) {
                throw new IllegalArgumentException(
                        "expected header values in Latin-1, but " + name + " has other letters");
            }
        }
        String lower = name.toLowerCase(Locale.ROOT);
        if (HOP_BY_HOP.contains(lower)) {
            throw new IllegalArgumentException(
                    name + " is a header between server and client; leave it to the server");
        }
        if (lower.equals("content-length")) {
            declare(value);
        }
        if (said.add(lower) && !ADDING.contains(lower)) {
            response.headers().set(name, value);
        } else {
            response.headers().add(name, value);
        }
    }

    private void declare(String length) {
        boolean digits = !length.isEmpty() && length.length() <= 18;
        for (int i = 0; i < length.length() && digits; i++) {
            digits = length.charAt(i) >= '0' && length.charAt(i) <= '9';
        }
        if (!digits || declared >= 0) {
            throw new IllegalArgumentException(
                    "expected one Content-Length of decimal digits, but got '"
                            + printable(length)
                            + "'");
        }
        declared = Long.parseLong(length);
    }

    private static String printable(String text) {
        return text.replaceAll("[^ -~]", "?");
    }

    @Override
    public void write(byte[] bytes) throws IOException {
        requireStarted();
        if (bytes.length == 0) {
            return; // PEP 3333: the headers wait for the first byte
        }
        if (declared >= 0 && response.bytesSent() + bytes.length > declared && hasBody()) {
            throw wrongLength("has " + (response.bytesSent() + bytes.length) + " or more");
        }
        response.body().write(bytes);
    }

    /** Sends what the application returned, and with it the response. */
    void send(Iterable<byte[]> body) throws IOException {
        if (body instanceof Collection<byte[]> whole) {
            sendWhole(whole);
        } else {
            for (byte[] bytes : body) {
                write(bytes);
            }
            finish();
        }
    }

    private void sendWhole(Collection<byte[]> parts) throws IOException {
        requireStarted();
        if (!response.isCommitted()) {
            long length = 0;
            for (byte[] part : parts) {
                length += part.length;
            }
            if (declared >= 0 && declared != length && hasBody()) {
                throw wrongLength("has " + length);
            }
            if (parts.size() == 1 && hasBody()) {
                response.send(parts.iterator().next());
                return;
            }
            if (declared < 0 && response.status() != 304) {
                response.header("Content-Length", Long.toString(length));
            }
        }
        for (byte[] part : parts) {
            write(part);
        }
        finish();
    }

    private void finish() throws IOException {
        requireStarted();
        if (response.bytesSent() < declared && hasBody()) {
            throw wrongLength("has " + response.bytesSent());
        }
        response.body().close();
    }

    private boolean hasBody() {
        return !toHead && response.status() != 204 && response.status() != 304;
    }

    private void requireStarted() {
        if (!started) {
            throw new IllegalStateException(
                    "expected the application to call startResponse before the first byte of the"
                            + " body; it did not");
        }
    }

    private IllegalStateException wrongLength(String came) {
        return new IllegalStateException(
                "the application announced " + declared + " bytes of body, but it " + came);
    }
}
