package io.weft.http.h1;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.weft.http.Handler;
import io.weft.http.HttpException;
import io.weft.http.Limits;
import io.weft.http.Raw;
import io.weft.http.Request;
import io.weft.http.Response;
import io.weft.http.compression.Compression;
import io.weft.http.testing.Answer;
import io.weft.net.Tls;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.SequenceInputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A client that reads slowly gets every kind of answer whole, however long that takes; one that
 * does not read is cut, sees that, and the log says so. Time is the test's.
 */
class SlowClientTest {
    private static final int SIZE = 400_000;
    private static final int PIPELINED = 20;
    private static final Duration PATIENCE = Raw.PATIENCE;

    /** Less than the server waits for a client to read, more than any other of its limits. */
    private static final Duration STEP = Duration.ofSeconds(50);

    private static final Duration STILL = Duration.ofMillis(300);

    enum Way {
        WHOLE,
        STREAM,
        LITTLE_BY_LITTLE,
        LENGTH,
        FILE,
        COMPRESSED,
        ERROR,
        PIPELINED,
        OLD,
        OLD_STREAM,
        SECURE,
        SECURE_FILE,
        SECURE_STREAM
    }

    /** Letters that do not compress to nothing. */
    private static final byte[] BODY = letters();

    @TempDir private Path folder;

    private static byte[] letters() {
        var random = new Random(11);
        var body = new byte[SIZE];
        for (int i = 0; i < SIZE; i++) {
            body[i] = (byte) (' ' + random.nextInt(90));
        }
        return body;
    }

    private Handler handler(Way way) {
        Handler plain = (request, response) -> answer(way, request, response);
        return way == Way.COMPRESSED ? new Compression().before(plain) : plain;
    }

    private void answer(Way way, Request request, Response response) throws Exception {
        if (request.path().equals("/next")) {
            response.send("next");
            return;
        }
        switch (way) {
            case WHOLE, OLD, SECURE -> response.send(BODY);
            case STREAM, OLD_STREAM, SECURE_STREAM -> response.body().write(BODY);
            case LITTLE_BY_LITTLE -> {
                for (int i = 0; i < SIZE; i += 1000) {
                    response.body().write(BODY, i, 1000);
                }
            }
            case LENGTH -> {
                response.header("Content-Length", "" + SIZE);
                response.body().write(BODY);
            }
            case COMPRESSED -> {
                response.header("Content-Type", "text/plain");
                response.body().write(BODY);
            }
            case FILE, SECURE_FILE -> response.sendFile(Files.write(folder.resolve("file"), BODY));
            case ERROR -> throw new HttpException(404, new String(BODY, StandardCharsets.US_ASCII));
            case PIPELINED -> response.send(new String(BODY, 0, 20_000, StandardCharsets.US_ASCII));
        }
    }

    private TimedSite site(Way way) throws Exception {
        return new TimedSite(
                handler(way), Limits.DEFAULT, way.name().startsWith("SEC") ? tls() : null);
    }

    private @Nullable Tls tls() throws IOException {
        return Tls.server().certificate(copied("localhost.pem"), copied("localhost.key")).build();
    }

    /** Out of the test kit's jar. */
    private Path copied(String name) throws IOException {
        Path copy = folder.resolve(name);
        try (var in = Raw.class.getResourceAsStream("/tls/" + name)) {
            Files.copy(in, copy);
        }
        return copy;
    }

    private static String request(Way way) {
        String version = way.name().startsWith("OLD") ? "1.0" : "1.1";
        String keep = version.equals("1.0") ? "Connection: keep-alive\r\n" : "";
        String accept = way == Way.COMPRESSED ? "Accept-Encoding: gzip\r\n" : "";
        String one = "GET / HTTP/" + version + "\r\nHost: test\r\n" + keep + accept + "\r\n";
        return one.repeat(way == Way.PIPELINED ? PIPELINED : 1);
    }

    /** Returns when the kernel takes no more. */
    private static void awaitStill(TimedSite site) {
        var last = new long[] {-1};
        await().atMost(PATIENCE)
                .during(STILL)
                .until(
                        () -> {
                            long before = last[0];
                            last[0] = site.unsent();
                            return last[0] == before && last[0] > 0;
                        });
    }

    /** A little in each step, until so many answers are out. */
    private static byte[] readSlowly(TimedSite site, int answers) throws Exception {
        var received = new ByteArrayOutputStream();
        var bytes = new byte[4096];
        int steps = 0;
        while (site.log.size() < answers) {
            long before = site.advanceIfUnsent(STEP);
            if (before == 0) {
                continue; // the next answer is being written
            }
            steps++;
            do {
                int count = site.client.getInputStream().read(bytes);
                assertThat(count).as("after %d bytes", received.size()).isPositive();
                received.write(bytes, 0, count);
            } while (site.unsent() == before);
        }
        assertThat(steps).isGreaterThan(3);
        return received.toByteArray();
    }

    @ParameterizedTest
    @EnumSource
    void slowOneGetsAllAndTheLogWaitsForThat(Way way) throws Exception {
        try (var site = site(way)) {
            site.send(request(way));
            awaitStill(site);
            assertThat(site.log.size()).isLessThan(way == Way.PIPELINED ? PIPELINED : 1);
            int answers = way == Way.PIPELINED ? PIPELINED : 1;
            byte[] slowly = readSlowly(site, answers);
            var in =
                    new SequenceInputStream(
                            new ByteArrayInputStream(slowly), site.client.getInputStream());
            for (int i = 0; i < answers; i++) {
                var answer = Answer.read(in, false);
                assertThat(answer.status()).isEqualTo(way == Way.ERROR ? 404 : 200);
                assertBody(way, answer);
            }
            assertThat(site.log).hasSize(answers).noneMatch(TimedSite.Line::cut);
            if (way == Way.WHOLE) {
                assertThat(site.log.getFirst().bytes()).isEqualTo(SIZE);
            }
            if (way != Way.OLD_STREAM) { // whose body ends with the connection
                site.advance(Limits.DEFAULT.keepAlive().minusMillis(1));
                site.send("GET /next HTTP/1.1\r\nHost: test\r\n\r\n");
                assertThat(Answer.read(in, false).body()).isEqualTo("next");
            }
        }
    }

    private static void assertBody(Way way, Answer answer) {
        String body = answer.body();
        switch (way) {
            case PIPELINED -> assertThat(body).hasSize(20_000);
            case COMPRESSED -> assertThat(answer.header("Content-Encoding")).isEqualTo("gzip");
            case ERROR -> assertThat(body).hasSizeGreaterThan(SIZE);
            default -> assertThat(body).isEqualTo(new String(BODY, StandardCharsets.US_ASCII));
        }
    }

    @ParameterizedTest
    @EnumSource
    void oneThatStopsIsCutAndTheLogSaysSo(Way way) throws Exception {
        try (var site = site(way)) {
            site.send(request(way));
            awaitStill(site);
            await().atMost(PATIENCE)
                    .until(
                            () -> {
                                site.advance(Limits.DEFAULT.writeTime());
                                return !site.isOpen();
                            });
            assertThatThrownBy(() -> site.client.getInputStream().readAllBytes())
                    .isInstanceOf(IOException.class);
            await().atMost(PATIENCE).until(() -> !site.log.isEmpty() && site.log.getLast().cut());
            assertThat(site.log.getLast().bytes()).isBetween(0L, SIZE - 1L);
            assertThat(site.log.stream().filter(TimedSite.Line::cut)).hasSize(1);
        }
    }

    /** It is read as it comes; no limit is on all of it. */
    @Test
    void slowUploadIsReadToItsEnd() throws Exception {
        int pieces = 10;
        var read = new AtomicInteger();
        Handler handler =
                (request, response) -> {
                    while (request.body().read() >= 0) {
                        read.incrementAndGet();
                    }
                    response.send("all");
                };
        try (var site = new TimedSite(handler, Limits.DEFAULT, null)) {
            site.send("POST / HTTP/1.1\r\nHost: test\r\nContent-Length: " + pieces + "\r\n\r\n");
            for (int i = 1; i <= pieces; i++) {
                site.send("x");
                int sent = i;
                await().atMost(PATIENCE).until(() -> read.get() == sent);
                site.advance(STEP);
            }
            assertThat(Answer.read(site.client.getInputStream(), false).body()).isEqualTo("all");
        }
    }
}
