package io.weft.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.weft.http.testing.Site;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** Forms with files (RFC 7578): in order, streamed, within limits. */
class MultipartTest {
    private static final String POST =
            "POST / HTTP/1.1\r\nHost: a\r\nContent-Type: multipart/form-data; boundary=XyZ\r\n";

    /** Tells each part on a line. */
    private static final Handler TELL =
            (request, response) -> {
                var told = new StringBuilder();
                var form = request.multipart();
                for (Part part; (part = form.next()) != null; ) {
                    told.append(part.name()).append('|').append(part.fileName()).append('|');
                    told.append(part.contentType()).append('|').append(part.text()).append('\n');
                }
                response.send(told.toString());
            };

    private static String part(String head, String content) {
        return "--XyZ\r\nContent-Disposition: form-data; " + head + "\r\n\r\n" + content + "\r\n";
    }

    private static String whole(String... parts) {
        return String.join("", parts) + "--XyZ--\r\n";
    }

    private static String post(String body) {
        return POST + "Content-Length: " + body.length() + "\r\n\r\n" + body;
    }

    private static String chunked(String... pieces) {
        var chunks = new StringBuilder(POST + "Transfer-Encoding: chunked\r\n\r\n");
        for (String piece : pieces) {
            if (!piece.isEmpty()) {
                chunks.append(Integer.toHexString(piece.length())).append("\r\n");
                chunks.append(piece).append("\r\n");
            }
        }
        return chunks.append("0\r\n\r\n").toString();
    }

    @Test
    void partsComeInTheirOrder() throws Exception {
        try (var raw = new Raw(TELL)) {
            String body =
                    whole(
                            part("name=\"b\"", "2"),
                            part("name=\"a\"", ""),
                            part("name=\"f\"; filename=\"x; y,=.txt\"", "file"),
                            part(
                                    "name=j\r\nContent-Type: application/json; charset=utf-8",
                                    "{\"\u00c3\u00a9\": 1}"),
                            part(
                                    "name=l; filename=\"\"\r\nContent-Type: text/plain;"
                                            + " charset=iso-8859-1",
                                    "\u00e9"),
                            part("name=b", "3\r\n--XyY\r\n-"));
            var answer = raw.send(post("preamble\r\n" + body + "epilogue")).answer();
            assertThat(utf8(answer.body()))
                    .isEqualTo(
                            """
                            b|null|null|2
                            a|null|null|
                            f|x; y,=.txt|null|file
                            j|null|application/json|{"\u00e9": 1}
                            l||text/plain|\u00e9
                            b|null|null|3\r
                            --XyY\r
                            -
                            """);
            assertThat(raw.send(post(whole())).answer().body()).isEmpty();
        }
    }

    /** RFC 9110 section 8.3.1. */
    @Test
    void typeIsKnownInAnyCase() throws Exception {
        try (var raw = new Raw(TELL)) {
            String request = post(whole(part("name=a", "1")));
            raw.send(request.replace("multipart/form-data", "Multipart/Form-Data"));
            assertThat(raw.answer().body()).isEqualTo("a|null|null|1\n");
        }
    }

    private static String utf8(String bytes) {
        return new String(bytes.getBytes(StandardCharsets.ISO_8859_1), StandardCharsets.UTF_8);
    }

    /** Also between the CR and the LF before a boundary. */
    @Test
    void isTheSameWhereverTheBytesAreSplit() throws Exception {
        String body =
                whole(
                        part("name=a", "one\r\n\r\rtwo\n"),
                        part("name=f; filename=x\r\nContent-Type: text/plain", "\r\n--Xy\r"));
        try (var raw = new Raw(TELL)) {
            String expected = raw.send(post(body)).answer().body();
            assertThat(expected)
                    .isEqualTo(
                            """
                            a|null|null|one\r
                            \r\rtwo

                            f|x|text/plain|\r
                            --Xy\r
                            """);
            for (int at = 1; at < body.length(); at++) {
                raw.send(chunked(body.substring(0, at), body.substring(at)));
                assertThat(raw.answer().body()).as("split at " + at).isEqualTo(expected);
            }
            raw.send(chunked(body.split("")));
            assertThat(raw.answer().body()).as("byte by byte").isEqualTo(expected);
        }
    }

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

    @Test
    void mixedPartsComeAsParts() throws Exception {
        String mixed =
                """
                --XyZ
                Content-Disposition: form-data; name=files
                Content-Type: multipart/mixed; boundary=in

                --in
                Content-Disposition: attachment; filename=1.txt

                one
                --in
                Content-Disposition: attachment; filename=2.txt

                two
                --in--
                """
                        .replace("\n", "\r\n");
        try (var raw = new Raw(TELL)) {
            assertThat(raw.send(post(whole(mixed))).answer().body())
                    .isEqualTo("files|1.txt|null|one\nfiles|2.txt|null|two\n");
        }
    }

    /** A tilde is CR LF. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "nothing at all           | ''",
                "no boundary              | nonsense",
                "another boundary         | --other~Content-Disposition: form-data;"
                        + " name=a~~1~--other--",
                "longer boundary          | --XyZ1~Content-Disposition: form-data;"
                        + " name=a~~1~--XyZ1--",
                "no last boundary         | --XyZ~Content-Disposition: form-data; name=a~~1~--XyZ",
                "end in the content       | --XyZ~Content-Disposition: form-data; name=a~~1",
                "end in the head          | --XyZ~Content-Disposition: form-data; name=a",
                "no disposition           | --XyZ~Content-Type: text/plain~~1~--XyZ--",
                "no name                  | --XyZ~Content-Disposition: form-data~~1~--XyZ--",
                "empty name               | --XyZ~Content-Disposition: form-data; name=~~1~--XyZ--",
                "parameter without value  | --XyZ~Content-Disposition: form-data; name~~1~--XyZ--",
                "another disposition      | --XyZ~Content-Disposition: inline; name=a~~1~--XyZ--",
                "unknown charset          | --XyZ~Content-Disposition: form-data;"
                        + " name=a~Content-Type: a/b; charset=none~~1~--XyZ--",
                "malformed charset        | --XyZ~Content-Disposition: form-data;"
                        + " name=a~Content-Type: a/b; charset=*~~1~--XyZ--",
                "encoded content          | --XyZ~Content-Disposition: form-data; name=a;"
                        + " filename=b~Content-Transfer-Encoding: base64~~MQ==~--XyZ--",
                "file name in no charset  | --XyZ~Content-Disposition: form-data; name=a;"
                        + " filename*=none''b~~1~--XyZ--",
            })
    void malformedOneIsRefused(String what, String body) throws Exception {
        try (var raw = new Raw(TELL)) {
            var answer = raw.send(post(body.replace("~", "\r\n"))).answer();
            assertThat(answer.status()).as(answer.body()).isEqualTo(400);
            assertThat(raw.send(post(whole(part("name=a", "1")))).answer().body())
                    .as("the next on this connection")
                    .isEqualTo("a|null|null|1\n");
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            nullValues = "-",
            value = {
                "-                                            | 415",
                "text/plain                                   | 415",
                "multipart/mixed; boundary=a                  | 415",
                "multipart/form-data                          | 415",
                "multipart/form-data; boundary                | 400",
                "multipart/form-data; boundary=a; charset=no  | 400",
            })
    void otherTypeIsRefused(String type, int status) throws Exception {
        String head = type == null ? "" : "Content-Type: " + type + "\r\n";
        try (var raw = new Raw(TELL)) {
            raw.send("POST / HTTP/1.1\r\nHost: a\r\n" + head + "Content-Length: 0\r\n\r\n");
            assertThat(raw.answer().status()).isEqualTo(status);
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
            String endless = "--XyZ\r\n" + "X-Y: z\r\n".repeat(3_000);
            var answer = raw.send(post(endless)).answer();
            assertThat(answer.status()).isEqualTo(400);
            assertThat(answer.body()).contains("within 8190 bytes");
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
        var failure = new CompletableFuture<Throwable>();
        var reading = new CompletableFuture<Boolean>();
        Handler handler =
                (request, response) -> {
                    try {
                        Part part = request.multipart().next();
                        part.body().read();
                        reading.complete(true);
                        part.text();
                    } catch (IOException e) {
                        failure.complete(e);
                        throw e;
                    }
                };
        try (var site = new Site(handler)) {
            try (var socket = site.connect()) {
                Site.send(socket, post(whole(part("name=a", "1234"))).replace("--XyZ--", ""));
                reading.get(30, TimeUnit.SECONDS);
                Site.reset(socket);
            }
            assertThat(failure.get(30, TimeUnit.SECONDS)).isInstanceOf(IOException.class);
        }
    }

    @Test
    void killedHandlerLeavesNothing() throws Exception {
        var reading = new CompletableFuture<Boolean>();
        var ended = new CompletableFuture<Boolean>();
        Handler handler =
                (request, response) -> {
                    try {
                        Part part = request.multipart().next();
                        part.body().read();
                        reading.complete(true);
                        part.text();
                    } finally {
                        ended.complete(true);
                    }
                };
        try (var site = new Site(handler);
                var socket = site.connect()) {
            Site.send(socket, post(whole(part("name=a", "1234"))).replace("--XyZ--", ""));
            reading.get(30, TimeUnit.SECONDS);
            site.server.close();
            ended.get(30, TimeUnit.SECONDS);
        }
    }
}
