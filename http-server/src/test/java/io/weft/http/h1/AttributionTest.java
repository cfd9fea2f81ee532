package io.weft.http.h1;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.weft.http.Handler;
import io.weft.http.HttpException;
import io.weft.http.Limits;
import io.weft.http.Raw;
import io.weft.http.Reply;
import io.weft.http.Request;
import io.weft.http.Upgrade;
import io.weft.http.wsgi.Wsgi;
import io.weft.net.Connection;
import io.weft.server.StreamServer;
import io.weft.testing.Broken;
import io.weft.testing.LogRecorder;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;

/**
 * Whose fault a failure is says the answer and the log, and not what it looks like: all exceptions
 * from all places of user code, and those of the client in all wrappings.
 */
class AttributionTest {
    private final LogRecorder log = LogRecorder.ofAll(Http1.class);
    private final LogRecorder server = LogRecorder.ofAll(StreamServer.class);

    @AfterEach
    void restoreLogs() {
        log.close();
        server.close();
    }

    /** What is asked for by its name. */
    private static Broken asked(Request request) {
        return Broken.valueOf(request.rawPath().substring(1));
    }

    @ParameterizedTest
    @EnumSource
    void handlersFailureIsItsOwn(Place place) throws Exception {
        Handler handler =
                (request, response) -> place.handler(asked(request)).handle(request, response);
        try (var raw = new Raw(handler)) {
            for (Broken broken : Broken.values()) {
                log.forget();
                var answer = raw.get("/" + broken);
                assertThat(answer.status()).as("%s", broken).isEqualTo(500);
                assertThat(answer.header("x-half")).isNull();
                assertThat(answer.body()).isEqualTo("500 the server failed to answer\n");
                assertThat(log.lines())
                        .singleElement()
                        .asString()
                        .startsWith("ERROR the handler of GET /" + broken + " failed with ");
            }
        }
        assertThat(server.messages()).isEmpty();
    }

    private static Upgrade upgrade(Broken broken) {
        return (Http1Upgrade) (connection, request, farewell) -> broken.fail();
    }

    @Test
    void upgradesFailureIsTheServersOwn() throws Exception {
        try (var raw = new Raw((request, response) -> response.upgrade(upgrade(asked(request))))) {
            for (Broken broken : Broken.values()) {
                assertThat(raw.connect().get("/" + broken).status()).isEqualTo(500);
            }
        }
        assertThat(log.lines()).hasSize(Broken.values().length);
        assertThat(server.messages()).isEmpty();
    }

    private static Upgrade upgradeThatFailsLate(Broken broken) {
        return (Http1Upgrade)
                (connection, request, farewell) -> {
                    farewell(connection, farewell);
                    broken.fail();
                };
    }

    @Test
    void failureOfAnotherProtocolIsNotAnsweredInHttp() throws Exception {
        try (var raw =
                new Raw(
                        (request, response) ->
                                response.upgrade(upgradeThatFailsLate(asked(request))))) {
            for (Broken broken : Broken.values()) {
                raw.connect().sendGet("/" + broken).assertClosed();
            }
        }
        assertThat(log.lines())
                .hasSize(Broken.values().length)
                .allMatch(line -> line.startsWith("ERROR the handler of GET /"));
    }

    private static void farewell(Connection connection, Http1Upgrade.Farewell farewell)
            throws Exception {
        var said = new CompletableFuture<Boolean>();
        connection
                .loop()
                .eventLoop()
                .execute(
                        () -> {
                            try {
                                farewell.say();
                                said.complete(true);
                            } catch (HttpException e) {
                                said.completeExceptionally(e);
                            }
                        });
        said.get();
    }

    @Test
    void failureOfTheRequestLogHarmsNobody() throws Exception {
        Handler handler = (request, response) -> response.send("done");
        try (var raw =
                new Raw(
                        handler,
                        builder ->
                                builder.log((request, response, nanos) -> asked(request).fail()))) {
            for (Broken broken : Broken.values()) {
                assertThat(raw.get("/" + broken).body()).as("%s", broken).isEqualTo("done");
            }
            raw.send("POST /RUNTIME nonsense\r\n\r\n");
            assertThat(raw.answer().status()).isEqualTo(400);
            raw.assertClosed();
        }
        assertThat(log.lines())
                .filteredOn(line -> line.startsWith("ERROR the log of "))
                .hasSize(Broken.values().length + 1);
        assertThat(server.messages()).isEmpty();
    }

    private record Body(Broken broken) implements Iterable<byte[]>, AutoCloseable {
        @Override
        public Iterator<byte[]> iterator() {
            return List.of("done".getBytes(StandardCharsets.UTF_8)).iterator();
        }

        @Override
        public void close() {
            broken.fail();
        }
    }

    @Test
    void failureToCloseHarmsNoAnswer() throws Exception {
        Wsgi application =
                Wsgi.handler(
                        (environ, start) -> {
                            start.start("200 OK", List.of());
                            String path = String.valueOf(environ.get("PATH_INFO"));
                            return new Body(Broken.valueOf(path.substring(1)));
                        });
        try (var raw = new Raw(application)) {
            for (Broken broken : Broken.values()) {
                assertThat(raw.connect().get("/" + broken).body()).isEqualTo("done");
                raw.assertClosed();
            }
        }
        assertThat(log.lines())
                .hasSize(Broken.values().length)
                .allMatch(line -> line.startsWith("ERROR"));
    }

    @Test
    void handlersRefusalIsNoError() throws Exception {
        try (var raw =
                new Raw(
                        (request, response) -> {
                            throw new HttpException(404, "nothing\nhere");
                        })) {
            assertThat(raw.get("/").body()).isEqualTo("404 nothing\nhere\n");
        }
        assertThat(log.lines())
                .singleElement()
                .asString()
                .startsWith("DEBUG ")
                .endsWith("404 io.weft.http.HttpException: nothing\\nhere");
    }

    @Test
    void fieldThatCannotBeSentIsRefusedWhereItIsSet() throws Exception {
        try (var raw =
                new Raw(
                        (request, response) -> {
                            var refusal = new HttpException(400, "no");
                            assertThatThrownBy(() -> refusal.header("X\r\nY", "a"))
                                    .isInstanceOf(IllegalArgumentException.class);
                            throw refusal.header("X", "a\r\nb");
                        })) {
            assertThat(raw.get("/").status()).isEqualTo(500);
        }
        assertThat(log.lines())
                .singleElement()
                .asString()
                .startsWith("ERROR the handler of GET / failed with")
                .contains("expected a value of X in Latin-1 without control characters");
        assertThatThrownBy(() -> Reply.text("").header("X", "a\nb"))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void exceptionOfTheHandlersOwnMakingMaySayNothing() throws Exception {
        final class Silent extends HttpException {
            private static final long serialVersionUID = 1L;

            Silent() {
                super(418, "");
            }

            @Override
            public String getMessage() {
                throw new IllegalStateException("no words");
            }
        }
        try (var raw =
                new Raw(
                        (request, response) -> {
                            throw new Silent();
                        })) {
            assertThat(raw.get("/").status()).isEqualTo(418);
            assertThat(raw.get("/").status()).isEqualTo(418);
        }
        assertThat(log.lines()).hasSize(2).allMatch(line -> line.startsWith("DEBUG"));
    }

    @Test
    void causeIsLoggedWithAServersError() throws Exception {
        try (var raw =
                new Raw(
                        (request, response) -> {
                            throw new HttpException(
                                    503, "come back", new IOException("no database"));
                        })) {
            assertThat(raw.get("/").body()).isEqualTo("503 come back\n");
        }
        assertThat(log.lines()).hasSize(1);
        var thrown = log.lastThrown();
        assertThat(thrown).isNotNull();
        assertThat(thrown.getCause().getMessage()).isEqualTo("no database");
    }

    @Test
    void whereTheHandlerStoodIsLoggedAtItsLimit() throws Exception {
        try (var raw =
                new Raw(
                        (request, response) -> Thread.sleep(Duration.ofHours(1)),
                        builder ->
                                builder.limits(
                                        Limits.DEFAULT.requestTime(Duration.ofMillis(20))))) {
            assertThat(raw.get("/slow").status()).isEqualTo(503);
        }
        assertThat(log.lines())
                .singleElement()
                .asString()
                .startsWith("ERROR the handler of GET /slow failed with ");
        var thrown = log.lastThrown();
        assertThat(thrown).isNotNull();
        assertThat(Arrays.toString(thrown.getCause().getStackTraceElementProxyArray()))
                .contains("whereTheHandlerStood");
    }

    /** What a handler may do with a body that turns out to be malformed. */
    enum Reading {
        PLAINLY,
        LINES,
        WRAPPED,
        DEEPLY;

        void read(BufferedReader reader) throws IOException {
            switch (this) {
                case PLAINLY -> reader.readLine();
                case LINES -> reader.lines().forEach(line -> {});
                case WRAPPED -> {
                    try {
                        reader.lines().forEach(line -> {});
                    } catch (RuntimeException e) {
                        throw new IllegalStateException("cannot import", e);
                    }
                }
                case DEEPLY -> {
                    try {
                        reader.readLine();
                    } catch (IOException e) {
                        throw new CompletionException(
                                new IllegalStateException(new IOException(e)));
                    }
                }
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void malformedBodyIsTheClientsFault(Reading reading) throws Exception {
        try (var raw =
                new Raw(
                        (request, response) ->
                                reading.read(
                                        new BufferedReader(
                                                new InputStreamReader(
                                                        request.body(),
                                                        StandardCharsets.UTF_8))))) {
            raw.send(
                    "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\nnonsense\r\n");
            assertThat(raw.answer().status()).isEqualTo(400);
            raw.assertClosed();
        }
        assertThat(log.lines()).allMatch(line -> line.startsWith("DEBUG")).isNotEmpty();
        assertThat(server.messages()).isEmpty();
    }

    @Test
    void cutOfAnotherConnectionIsTheHandlersOwn() throws Exception {
        try (var upstream = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
                var raw =
                        new Raw(
                                (request, response) -> {
                                    var asked =
                                            Connection.connect(
                                                    upstream.getLocalSocketAddress(), Raw.PATIENCE);
                                    asked.close();
                                    asked.write("anybody there?");
                                })) {
            assertThat(raw.get("/").status()).isEqualTo(500);
            assertThat(raw.get("/").status()).isEqualTo(500);
        }
        assertThat(log.lines()).hasSize(2).allMatch(line -> line.startsWith("ERROR"));
    }

    @Test
    void clientThatHasGoneIsNobodysFault() throws Exception {
        var ended = new CompletableFuture<Throwable>();
        try (var raw =
                new Raw(
                        (request, response) -> {
                            try {
                                while (true) {
                                    response.body().write(new byte[10_000]);
                                }
                            } catch (SocketException e) {
                                ended.complete(e);
                                throw new IllegalStateException("cannot export", e);
                            }
                        })) {
            raw.sendGet("/").read(100);
            raw.reset();
            assertThat(ended.get(30, TimeUnit.SECONDS)).isNotNull();
        }
        assumeThat(log.lines()).isNotEmpty();
        assertThat(log.lines()).allMatch(line -> line.startsWith("DEBUG"));
        assertThat(server.lines()).allMatch(line -> line.startsWith("DEBUG"));
    }
}
