package io.weft.http.wsgi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.weft.http.h1.Http1;
import io.weft.http.testing.Answer;
import io.weft.http.testing.Site;
import io.weft.testing.LogRecorder;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;

/** How what an application returns goes out, and what becomes of it when that fails. */
class WsgiBodyTest {
    private static final String GET = "GET / HTTP/1.1\r\nHost: a\r\n\r\n";

    private static List<Map.Entry<String, String>> length(int bytes) {
        return List.of(Map.entry("Content-Length", Integer.toString(bytes)));
    }

    private static Answer answer(Application application, String request) throws IOException {
        try (var site = new Site(Wsgi.handler(application))) {
            return site.ask(request);
        }
    }

    /** All bytes of the answer, up to the end of the connection. */
    private static String raw(Application application, String request) throws IOException {
        try (var site = new Site(Wsgi.handler(application));
                var socket = site.connect()) {
            Site.send(socket, request);
            return Site.readToTheEnd(socket);
        }
    }

    @Test
    void listOfOneGetsItsLength() throws Exception {
        var answer = answer(Apps.returning(Apps.TEXT, Apps.list("hello")), GET);
        assertThat(answer.statusLine()).isEqualTo("HTTP/1.1 200 OK");
        assertThat(answer.header("Content-Type")).isEqualTo("text/plain");
        assertThat(answer.header("Content-Length")).isEqualTo("5");
        assertThat(answer.header("Transfer-Encoding")).isNull();
        assertThat(answer.header("Date")).isNotNull();
        assertThat(answer.framed()).isEqualTo("hello");
    }

    @Test
    void listOfSeveralGetsTheirLength() throws Exception {
        var answer = answer(Apps.returning(Apps.TEXT, Apps.list("he", "", "llo", " you")), GET);
        assertThat(answer.header("Content-Length")).isEqualTo("9");
        assertThat(answer.framed()).isEqualTo("hello you");
    }

    @Test
    void emptyListGetsItsLength() throws Exception {
        var answer = answer(Apps.returning(Apps.TEXT, List.of()), GET);
        assertThat(answer.header("Content-Length")).isEqualTo("0");
        assertThat(answer.body()).isEmpty();
    }

    @Test
    void iteratorIsChunkedWithItsBoundariesKept() throws Exception {
        var answer = answer(Apps.returning(Apps.TEXT, Apps.iterator("ab", "", "cde", "f")), GET);
        assertThat(answer.header("Transfer-Encoding")).isEqualTo("chunked");
        assertThat(answer.header("Content-Length")).isNull();
        assertThat(answer.framed()).isEqualTo("2\r\nab\r\n3\r\ncde\r\n1\r\nf\r\n0\r\n\r\n");
    }

    @Test
    void emptyIteratorIsOneLastChunk() throws Exception {
        assertThat(answer(Apps.returning(Apps.TEXT, Apps.iterator()), GET).framed())
                .isEqualTo("0\r\n\r\n");
    }

    @Test
    void iteratorHasNoFrameInTheOldProtocol() throws Exception {
        var body = Apps.iterator("ab", "cde");
        String raw = raw(Apps.returning(Apps.TEXT, body), "GET / HTTP/1.0\r\n\r\n");
        assertThat(raw).endsWith("\r\n\r\nabcde").doesNotContain("chunked", "Content-Length");
    }

    @Test
    void chunkIsSentBeforeTheNextIsMade() throws Exception {
        var seen = new CountDownLatch(1);
        Application application =
                (environ, startResponse) -> {
                    startResponse.start("200 OK", Apps.TEXT);
                    return () -> new Waiting(seen);
                };
        try (var site = new Site(Wsgi.handler(application));
                var socket = site.connect()) {
            Site.send(socket, "GET / HTTP/1.0\r\n\r\n");
            var come = new StringBuilder();
            while (!come.toString().endsWith("first")) {
                come.append((char) socket.getInputStream().read());
            }
            seen.countDown();
            assertThat(Site.readToTheEnd(socket)).isEqualTo("second");
        }
    }

    private record Waiting(CountDownLatch seen, List<String> left) implements Iterator<byte[]> {
        Waiting(CountDownLatch seen) {
            this(seen, new ArrayList<>(List.of("first", "second")));
        }

        @Override
        public boolean hasNext() {
            return !left.isEmpty();
        }

        @Override
        public byte[] next() {
            String next = left.removeFirst();
            if (left.isEmpty()) {
                awaitSeen();
            }
            return Apps.bytes(next);
        }

        private void awaitSeen() {
            try {
                seen.await();
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        }
    }

    @Test
    void lengthOfTheApplicationIsKept() throws Exception {
        var answer = answer(Apps.returning(length(5), Apps.iterator("he", "llo")), GET);
        assertThat(answer.header("Content-Length")).isEqualTo("5");
        assertThat(answer.header("Transfer-Encoding")).isNull();
        assertThat(answer.framed()).isEqualTo("hello");
    }

    @ParameterizedTest
    @CsvSource({"4, list", "6, list", "4, one", "6, one", "4, all", "6, none"})
    void wrongLengthThatIsSeenInTimeIsAnError(int announced, String kind) throws Exception {
        Iterable<byte[]> body =
                switch (kind) {
                    case "list" -> Apps.list("he", "llo");
                    case "one" -> Apps.list("hello");
                    case "all" -> Apps.iterator("hello");
                    default -> Apps.iterator();
                };
        try (var log = LogRecorder.of(Http1.class)) {
            assertServerError(answer(Apps.returning(length(announced), body), GET));
            assertThat(log.awaitMessages(1))
                    .singleElement()
                    .asString()
                    .contains("announced " + announced + " bytes of body");
        }
    }

    private static void assertServerError(Answer answer) {
        assertThat(answer.status()).isEqualTo(500);
        assertThat(answer.header("Content-Length"))
                .isEqualTo(Integer.toString(answer.body().length()));
        assertThat(answer.body()).startsWith("500 ");
    }

    @Test
    void bodyThatIsTooShortCutsTheConnection() throws Exception {
        try (var log = LogRecorder.of(Http1.class)) {
            String raw = raw(Apps.returning(length(9), Apps.iterator("he", "llo")), GET + GET);
            assertThat(raw).endsWith("\r\n\r\nhello").containsOnlyOnce("HTTP/1.1");
            assertThat(log.awaitMessages(1))
                    .singleElement()
                    .asString()
                    .contains("announced 9 bytes of body, but it has 5");
        }
    }

    @Test
    void bodyThatIsTooLongIsCutAtItsLength() throws Exception {
        try (var log = LogRecorder.of(Http1.class)) {
            String raw = raw(Apps.returning(length(4), Apps.iterator("he", "llo")), GET + GET);
            assertThat(raw).endsWith("\r\n\r\nhe").containsOnlyOnce("HTTP/1.1");
            assertThat(log.awaitMessages(1))
                    .singleElement()
                    .asString()
                    .contains("announced 4 bytes of body, but it has 5 or more");
        }
    }

    @Test
    void resultIsClosedOnce() throws Exception {
        var body = new Apps.Closeable(Apps.iterator("a", "b"));
        assertThat(answer(Apps.returning(Apps.TEXT, body), GET).body()).isEqualTo("ab");
        assertThat(body.closed).hasValue(1);
    }

    @Test
    void resultIsClosedOnceWhenIteratingFails() throws Exception {
        var body =
                new Apps.Closeable(
                        () -> {
                            throw new IllegalStateException("no iterator today");
                        });
        try (var log = LogRecorder.of(Http1.class)) {
            assertServerError(answer(Apps.returning(Apps.TEXT, body), GET));
            assertThat(log.awaitMessages(1))
                    .singleElement()
                    .asString()
                    .contains("no iterator today");
        }
        assertThat(body.closed).hasValue(1);
    }

    @Test
    void resultIsClosedOnceWhenTheClientHasGone() throws Exception {
        Iterator<byte[]> endless =
                new Iterator<>() {
                    @Override
                    public boolean hasNext() {
                        return true;
                    }

                    @Override
                    public byte[] next() {
                        return new byte[32 * 1024];
                    }
                };
        var body = new Apps.Closeable(() -> endless);
        try (var site = new Site(Wsgi.handler(Apps.returning(Apps.TEXT, body)))) {
            var socket = site.connect();
            Site.send(socket, GET);
            assertThat(socket.getInputStream().readNBytes(100_000)).hasSize(100_000);
            assertThat(body.closed).hasValue(0);
            Site.reset(socket);
            await().atMost(Site.PATIENCE).until(() -> body.closed.get() == 1);
        }
        assertThat(body.closed).hasValue(1);
    }

    @Test
    void failureToCloseIsReportedAfterAWholeResponse() throws Exception {
        class Sticky implements Iterable<byte[]>, AutoCloseable {
            @Override
            public Iterator<byte[]> iterator() {
                return Apps.list("whole").iterator();
            }

            @Override
            public void close() {
                throw new IllegalStateException("it sticks");
            }
        }
        try (var log = LogRecorder.of(Http1.class)) {
            String raw = raw(Apps.returning(Apps.TEXT, new Sticky()), GET + GET);
            assertThat(raw).endsWith("5\r\nwhole\r\n0\r\n\r\n").containsOnlyOnce("HTTP/1.1");
            assertThat(log.awaitMessages(1)).singleElement().asString().contains("it sticks");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"list", "iterator"})
    void headHasTheHeadersAlone(String kind) throws Exception {
        boolean list = kind.equals("list");
        var body = list ? Apps.list("he", "llo") : Apps.iterator("he", "llo");
        String raw =
                raw(
                        Apps.returning(Apps.TEXT, body),
                        "HEAD / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n");
        assertThat(raw).startsWith("HTTP/1.1 200 OK\r\n").endsWith("\r\n\r\n");
        assertThat(raw.toLowerCase(java.util.Locale.ROOT))
                .contains(list ? "content-length: 5\r\n" : "transfer-encoding: chunked\r\n");
        assertThat(raw).doesNotContain("llo");
    }

    @Test
    void headKeepsALengthWithoutABody() throws Exception {
        var answer =
                answer(
                        Apps.returning(length(1234), List.of()),
                        "HEAD / HTTP/1.1\r\nHost: a\r\n\r\n");
        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.header("Content-Length")).isEqualTo("1234");
    }

    @ParameterizedTest
    @ValueSource(strings = {"204 No Content", "304 Not Modified"})
    void statusWithoutABodyHasNone(String status) throws Exception {
        for (Iterable<byte[]> body :
                List.of(Apps.list("hello"), Apps.iterator("he", "llo"), Apps.list("he", "llo"))) {
            String raw =
                    raw(
                            Apps.answering(status, Apps.NO_HEADERS, body),
                            GET + "GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n");
            String head = "HTTP/1.1 " + status + "\r\n[^<]*?\r\n\r\n";
            assertThat(raw).matches("(?s)" + head + head);
            assertThat(raw).doesNotContain("hello", "chunked");
        }
    }

    @Test
    void errorBeforeTheFirstByteIsA500() throws Exception {
        Application application =
                (environ, startResponse) -> {
                    startResponse.start("200 OK", List.of(Map.entry("X-Secret", "1")));
                    throw new IllegalStateException("broken");
                };
        try (var log = LogRecorder.of(Http1.class)) {
            var answer = answer(application, GET);
            assertServerError(answer);
            assertThat(answer.header("X-Secret")).isNull();
            assertThat(log.awaitMessages(1)).singleElement().asString().contains("broken");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"1.1", "1.0"})
    void errorAfterTheFirstByteCutsTheConnection(String version) throws Exception {
        Iterable<byte[]> body =
                () ->
                        List.of(1, 2).stream()
                                .map(
                                        i -> {
                                            if (i == 2) {
                                                throw new IllegalStateException("broken");
                                            }
                                            return Apps.bytes("one");
                                        })
                                .iterator();
        try (var log = LogRecorder.of(Http1.class);
                var site = new Site(Wsgi.handler(Apps.returning(Apps.TEXT, body)));
                var socket = site.connect()) {
            Site.send(socket, GET.replace("1.1", version));
            String come = toTheCut(socket.getInputStream());
            if (version.equals("1.1")) {
                assertThat(come).endsWith("3\r\none\r\n"); // and no last chunk
            } else {
                assertThat(come).endsWith(" was reset"); // a plain end would look like success
            }
            assertThat(log.awaitMessages(1)).singleElement().asString().contains("broken");
        }
    }

    private static String toTheCut(java.io.InputStream in) {
        var come = new StringBuilder();
        try {
            for (int b; (b = in.read()) >= 0; ) {
                come.append((char) b);
            }
        } catch (IOException e) {
            come.append(" was reset");
        }
        return come.toString();
    }

    @Test
    void applicationThatReturnsNullIsAnError() throws Exception {
        try (var log = LogRecorder.of(Http1.class)) {
            assertServerError(answer(Apps.returning(Apps.TEXT, null), GET));
            assertThat(log.awaitMessages(1)).singleElement().asString().contains("returned null");
        }
    }
}
