package io.weft.http.wsgi;

import java.nio.charset.StandardCharsets;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;

/** Bodies and applications to test with. */
final class Apps {
    static final List<Map.Entry<String, String>> NO_HEADERS = List.of();
    static final List<Map.Entry<String, String>> TEXT =
            List.of(Map.entry("Content-Type", "text/plain"));

    private Apps() {}

    static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }

    static String text(byte[] bytes) {
        return new String(bytes, StandardCharsets.ISO_8859_1);
    }

    /** A body of known length. */
    static List<byte[]> list(String... parts) {
        return List.of(parts).stream().map(Apps::bytes).toList();
    }

    /** A body that is only an iterator. */
    static Iterable<byte[]> iterator(String... parts) {
        List<byte[]> list = list(parts);
        return () -> list.iterator(); // which hides that it is a list
    }

    /** Says {@code 200 OK} with these headers, and returns that. */
    static Application returning(List<Map.Entry<String, String>> headers, Iterable<byte[]> body) {
        return answering("200 OK", headers, body);
    }

    static Application answering(
            String status, List<Map.Entry<String, String>> headers, Iterable<byte[]> body) {
        return (environ, startResponse) -> {
            startResponse.start(status, headers);
            return body;
        };
    }

    /** A body that counts how often it is closed. */
    static final class Closeable implements Iterable<byte[]>, AutoCloseable {
        final AtomicInteger closed = new AtomicInteger();
        private final Iterable<byte[]> body;

        Closeable(Iterable<byte[]> body) {
            this.body = body;
        }

        @Override
        public Iterator<byte[]> iterator() {
            return body.iterator();
        }

        @Override
        public void close() {
            closed.incrementAndGet();
        }
    }
}
