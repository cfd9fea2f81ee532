package io.weft.http;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.net.InetSocketAddress;

/** What a handler learns of a request. */
class RequestTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            nullValues = "-",
            value = {
                "/                        | /     | -      | test",
                "/a%20b/../c?x=1&y        | /a b/../c | x=1&y | test",
                "/?                       | /     | ''     | test",
                "http://other:81/p?q      | /p    | q      | other:81",
                "HTTP://other             | /     | -      | other",
                "http://other?q           | /     | q      | other",
            })
    void targetIsTakenApart(String target, String path, String query, String host)
            throws Exception {
        try (var raw =
                new Raw(
                        (request, response) ->
                                response.send(
                                        request.path()
                                                + " "
                                                + request.rawQuery()
                                                + " "
                                                + request.host()))) {
            assertThat(raw.get(target).body()).isEqualTo(path + " " + query + " " + host);
        }
    }

    @Test
    void queryKeepsOrderAndRepetition() throws Exception {
        try (var raw =
                new Raw(
                        (request, response) ->
                                response.send(request.queries() + " " + request.query("b")))) {
            assertThat(raw.get("/?b=1&a=x+y&b=%26&&c").body())
                    .isEqualTo("{b=[1, &], a=[x y], c=[]} 1");
        }
    }

    @Test
    void formIsRead() throws Exception {
        try (var raw = new Raw((request, response) -> response.send(request.form(20).toString()))) {
            String post = "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: ";
            assertThat(raw.send(post + "9\r\n\r\na=1&b=%41").answer().body())
                    .isEqualTo("{a=[1], b=[A]}");
            assertThat(raw.send(post + "21\r\n\r\n" + "x".repeat(21)).answer().status())
                    .isEqualTo(413);
        }
    }

    @Test
    void formWithAFaultIsRefused() throws Exception {
        try (var raw = new Raw((request, response) -> response.send(request.form(20).toString()))) {
            String post = "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: ";
            for (String form : new String[] {"a=%", "a=%4", "a=%zz", "%ff=1", "a=%c3%28"}) {
                raw.send(post + form.length() + "\r\n\r\n" + form);
                assertThat(raw.answer().status()).as(form).isEqualTo(400);
            }
            assertThat(raw.get("/?q=%").body()).isEqualTo("{}"); // nobody asked for it
        }
    }

    /** Of names that a hash map must take for one: the tree below it keeps them apart. */
    @Test
    void parametersAreCounted() throws Exception {
        Handler count =
                (request, response) -> response.send(request.form(100_000).size() + " names");
        try (var raw = new Raw(count)) {
            String post = "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: ";
            String thousand = String.join("&", Collisions.names(1000));
            raw.send(post + thousand.length() + "\r\n\r\n" + thousand);
            assertThat(raw.answer().body()).isEqualTo("1000 names");
            String more = thousand + "&one=more";
            raw.send(post + more.length() + "\r\n\r\n" + more);
            assertThat(raw.answer().status()).isEqualTo(400);
        }
    }

    @Test
    void queryIsCounted() throws Exception {
        try (var raw = new Raw((request, response) -> response.send("" + request.query("a")))) {
            assertThat(raw.get("/?" + "a&".repeat(1000)).status()).isEqualTo(200);
            assertThat(raw.get("/?" + "a&".repeat(1001)).status()).isEqualTo(400);
        }
    }

    @Test
    void cookiesOfOneHashAreKeptApart() throws Exception {
        String cookies = String.join("=1; ", Collisions.names(300)) + "=1";
        try (var raw =
                new Raw((request, response) -> response.send("" + request.cookies().size()))) {
            raw.send("GET / HTTP/1.1\r\nHost: a\r\nCookie: " + cookies + "\r\n\r\n");
            assertThat(raw.answer().body()).isEqualTo("300");
        }
    }

    @Test
    void addressesProtocolAndHeaders() throws Exception {
        try (var raw =
                new Raw(
                        (request, response) -> {
                            assertThat(((InetSocketAddress) request.remoteAddress()).getAddress())
                                    .isEqualTo(java.net.InetAddress.getLoopbackAddress());
                            assertThat(request.scheme()).isEqualTo("http");
                            assertThat(request.headers().getAll("x-multi"))
                                    .containsExactly("1", "2");
                            assertThat(request.headers().containsToken("X-List", "b")).isTrue();
                            assertThat(request.header("none")).isNull();
                            response.send(request.toString());
                        })) {
            raw.send("FANCY /x HTTP/1.1\r\nHost: test\r\n");
            raw.send("X-Multi: 1\r\nx-multi: 2\r\nX-List: a, B\r\n\r\n");
            assertThat(raw.answer().body()).isEqualTo("FANCY /x HTTP/1.1");
        }
    }
}
