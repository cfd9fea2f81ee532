package io.weft.http;

import static io.weft.http.Forms.POST;
import static io.weft.http.Forms.TELL;
import static io.weft.http.Forms.chunked;
import static io.weft.http.Forms.part;
import static io.weft.http.Forms.post;
import static io.weft.http.Forms.whole;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.weft.http.form.FormLimits;
import io.weft.http.form.Part;
import io.weft.http.testing.Site;

import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** Parts are read as they come, within limits, and nothing stays behind. */
class PartStreamTest {
    /** Without the boundary at its end. */
    private static final String HALF = post(whole(part("name=a", "1234"))).replace("--XyZ--", "");

    @Test
    void partIsReadWhileItComes() throws Exception {
        Handler handler =
                (request, response) -> {
                    var form = request.multipart();
                    for (Part part; (part = form.next()) != null; ) {
                        response.body().write(part.name().getBytes(StandardCharsets.UTF_8));
                        response.body().flush();
                        for (int b; (b = part.body().read()) >= 0; ) {
                            response.body().write(b);
                            response.body().flush();
                        }
                    }
                };
        try (var raw = new Raw(handler)) {
            String end = "\r\n--XyZ--";
            String begin = "--XyZ\r\nContent-Disposition: form-data; name=f; filename=x\r\n\r\n";
            int length = begin.length() + 2 + end.length();
            raw.send(POST + "Content-Length: " + length + "\r\n\r\n" + begin + "1");
            assertThat(raw.read("HTTP/1.1 200 OK\r\n".length())).startsWith("HTTP/1.1 200");
            String some = "";
            while (!some.endsWith("1\r\nf\r\n1\r\n1\r\n")) {
                some += raw.read(1);
            }
            raw.send("2" + end);
            assertThat(raw.read(11)).isEqualTo("1\r\n2\r\n0\r\n\r\n");
        }
    }

    /** Structure, not luck: what a part holds is bounded, so the rest waits in the client. */
    @Test
    void largePartIsNeverHeld() throws Exception {
        int size = 16 * 1024 * 1024;
        var most = new AtomicInteger();
        Handler handler =
                (request, response) -> {
                    long bytes = 0;
                    Part part = request.multipart().next();
                    var buffer = new byte[100];
                    for (int n; (n = part.body().read(buffer)) >= 0; ) {
                        bytes += n;
                        most.accumulateAndGet(part.body().available(), Math::max);
                    }
                    response.send(Long.toString(bytes));
                };
        try (var raw = new Raw(handler)) {
            raw.send(post(whole(part("name=f; filename=x", "0123456\r".repeat(size / 8)))));
            assertThat(raw.answer().body()).isEqualTo(Integer.toString(size));
            assertThat(most.get()).isBetween(1, 8192);
        }
    }

    @Test
    void partThatIsNotReadIsDropped() throws Exception {
        Handler handler =
                (request, response) -> {
                    var form = request.multipart();
                    Part first = form.next();
                    assertThat(first.body().read()).isEqualTo('x');
                    Part second = form.next();
                    assertThatThrownBy(() -> first.body().read())
                            .isInstanceOf(IOException.class)
                            .hasMessageStartingWith("part a has gone");
                    String text = second.text();
                    assertThat(second.body().read()).isEqualTo(-1);
                    assertThat(form.next()).isNull();
                    assertThat(form.next()).isNull();
                    response.send(text);
                };
        try (var raw = new Raw(handler)) {
            String body = whole(part("name=a", "x".repeat(50_000)), part("name=b", "second"));
            assertThat(raw.send(post(body)).answer().body()).isEqualTo("second");
            assertThat(raw.send(post(body)).answer().body()).isEqualTo("second");
        }
    }

    private static Handler within(FormLimits limits) {
        return (request, response) -> {
            var form = request.multipart(limits);
            int parts = 0;
            for (Part part; (part = form.next()) != null; parts++) {
                part.text();
            }
            response.send(parts + " parts");
        };
    }

    @Test
    void partsAreCounted() throws Exception {
        try (var raw = new Raw(within(FormLimits.DEFAULT))) {
            String[] parts = new String[1001];
            for (int i = 0; i < 1001; i++) {
                parts[i] = part("name=a", "");
            }
            raw.send(post(whole(parts).substring(parts[0].length())));
            assertThat(raw.answer().body()).isEqualTo("1000 parts");
            assertThat(raw.send(post(whole(parts))).answer().status()).isEqualTo(413);
        }
    }

    @Test
    void fieldIsLimitedAndAFileIsNot() throws Exception {
        try (var raw = new Raw(within(FormLimits.DEFAULT.field(5)))) {
            assertThat(raw.send(post(whole(part("name=a", "12345")))).answer().body())
                    .isEqualTo("1 parts");
            assertThat(raw.send(post(whole(part("name=a", "123456")))).answer().status())
                    .isEqualTo(413);
        }
    }

    @Test
    void headOfAPartIsLimited() throws Exception {
        try (var raw = new Raw(TELL)) {
            String name = "x".repeat(7_000);
            assertThat(raw.send(post(whole(part("name=" + name, "")))).answer().status())
                    .isEqualTo(200);
            String[] endless = {
                "X-Y: " + "z".repeat(20_000), ("X-Y: " + "z".repeat(200) + "\r\n").repeat(50)
            };
            for (String head : endless) {
                var answer = raw.send(post("--XyZ\r\n" + head)).answer();
                assertThat(answer.status()).isEqualTo(400);
                assertThat(answer.body()).contains("within 8190 bytes");
            }
            String many = "--XyZ\r\n" + "X-Y: z\r\n".repeat(101);
            assertThat(raw.send(post(many)).answer().body()).contains("at most 100 lines");
            String folds = "--XyZ\r\nX-Y:\r\n" + " z\r\n".repeat(100);
            assertThat(raw.send(post(folds)).answer().body()).contains("at most 100 lines");
            String preamble = "x".repeat(8_191) + "\r\n" + whole(part("name=a", ""));
            assertThat(raw.send(post(preamble)).answer().body()).contains("within 8190 bytes");
        }
    }

    @Test
    void wholeBodyIsLimited() throws Exception {
        try (var raw = new Raw(TELL, builder -> builder.limits(Limits.DEFAULT.body(1_000)))) {
            String body = whole(part("name=a", "x".repeat(1_000)));
            assertThat(raw.send(chunked(body)).answer().status()).isEqualTo(413);
            assertThat(raw.connect().send(post(body)).answer().status()).isEqualTo(413);
        }
    }

    @Test
    void handlerMayStopInTheMiddle() throws Exception {
        Handler handler =
                (request, response) -> {
                    var form = request.multipart();
                    assertThat(form.next().body().read()).isEqualTo('x');
                    if (request.path().equals("/fail")) {
                        throw new HttpException(409, "enough");
                    }
                    response.send("enough");
                };
        String body = whole(part("name=a", "x".repeat(20_000)), part("name=b", "2"));
        try (var raw = new Raw(handler)) {
            assertThat(raw.send(post(body)).answer().status()).isEqualTo(200);
            assertThat(raw.send(post(body).replace("POST / ", "POST /fail ")).answer().status())
                    .isEqualTo(409);
            assertThat(raw.send(post(body)).answer().status()).isEqualTo(200);
        }
    }

    /** Site sees to it that nothing stays behind; the leak guard that no buffer does. */
    @Test
    void clientThatGoesAwayEndsTheRead() throws Exception {
        var reader = new Reader();
        try (var site = new Site(reader)) {
            try (var socket = site.connect()) {
                Site.send(socket, HALF);
                reader.reading.get(30, TimeUnit.SECONDS);
                Site.reset(socket);
            }
            assertThat(reader.end.get(30, TimeUnit.SECONDS)).isInstanceOf(IOException.class);
        }
    }

    @Test
    void killedHandlerLeavesNothing() throws Exception {
        var reader = new Reader();
        try (var site = new Site(reader);
                var socket = site.connect()) {
            Site.send(socket, HALF);
            reader.reading.get(30, TimeUnit.SECONDS);
            site.server.close();
            assertThat(reader.end.get(30, TimeUnit.SECONDS))
                    .isInstanceOf(InterruptedIOException.class);
        }
    }

    /** Reads a part to its end, which does not come. */
    private static final class Reader implements Handler {
        final CompletableFuture<Boolean> reading = new CompletableFuture<>();
        final CompletableFuture<IOException> end = new CompletableFuture<>();

        @Override
        public void handle(Request request, Response response) throws Exception {
            Part part = request.multipart().next();
            part.body().read();
            reading.complete(true);
            try {
                part.text();
            } catch (IOException e) {
                end.complete(e);
                throw e;
            }
        }
    }
}
