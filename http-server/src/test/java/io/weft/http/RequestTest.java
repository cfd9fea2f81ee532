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
