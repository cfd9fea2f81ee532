package io.weft.http;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.net.InetSocketAddress;

/** What a handler learns of a request. */
class RequestTest {
    private static final String FORM =
            "POST / HTTP/1.1\r\nHost: a\r\nContent-Type: application/x-www-form-urlencoded\r\n"
                    + "Content-Length: ";

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            nullValues = "-",
            value = {
                "/                        | /     | -      | test",
                "/a%20b/../c?x=1&y        | /a b/../c | x=1&y | test",
                "/?                       | /     | ''     | test",
                "/a%2fb%5c                | /a%2Fb\\ | - | test",
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
                                                + request.host()
                                                + " "
                                                + request.headers().getAll("Host")))) {
            assertThat(raw.get(target).body())
                    .isEqualTo(path + " " + query + " " + host + " [" + host + "]");
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
            String post = FORM;
            assertThat(raw.send(post + "9\r\n\r\na=1&b=%41").answer().body())
                    .isEqualTo("{a=[1], b=[A]}");
            assertThat(raw.send(post + "21\r\n\r\n" + "x".repeat(21)).answer().status())
                    .isEqualTo(413);
        }
    }

    /** WHATWG URL 5.1: what is no escape stands for itself, and U+FFFD for what is not UTF-8. */
    @Test
    void parameterWithAFaultIsStillOne() throws Exception {
        Handler handler =
                (request, response) -> response.send(request.queries() + " " + request.form(40));
        try (var raw = new Raw(handler)) {
            for (String form : new String[] {"a=%", "a=%4", "a=%zz", "a=%+1"}) {
                assertThat(both(raw, form))
                        .isEqualTo("{a=[" + form.substring(2).replace('+', ' ') + "]}");
            }
            assertThat(both(raw, "%ff=1")).isEqualTo("{\u00ef\u00bf\u00bd=[1]}");
            assertThat(both(raw, "a=%c3%28")).isEqualTo("{a=[\u00ef\u00bf\u00bd(]}");
            assertThat(both(raw, "a=Zo\u00c3\u00ab+M%C3%BCller"))
                    .isEqualTo("{a=[Zo\u00c3\u00ab M\u00c3\u00bcller]}");
        }
    }

    /** What the query and the form of this text are read as, if that is the same. */
    private static String both(Raw raw, String encoded) throws Exception {
        String head = FORM.replace("/ ", "/?" + encoded + " ");
        String[] read =
                raw.send(head + encoded.length() + "\r\n\r\n" + encoded)
                        .answer()
                        .body()
                        .split("(?<=}) ", 2);
        assertThat(read[0]).as("query and form").isEqualTo(read[1]);
        return read[0];
    }

    /** Of names that a hash map must take for one: the tree below it keeps them apart. */
    @Test
    void parametersAreCounted() throws Exception {
        Handler count =
                (request, response) -> response.send(request.form(100_000).size() + " names");
        try (var raw = new Raw(count)) {
            String post = FORM;
            String thousand = String.join("&", Collisions.names(1000));
            raw.send(post + thousand.length() + "\r\n\r\n" + thousand);
            assertThat(raw.answer().body()).isEqualTo("1000 names");
            String more = thousand + "&one=more";
            raw.send(post + more.length() + "\r\n\r\n" + more);
            assertThat(raw.answer().status()).isEqualTo(413); // as of multipart
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            nullValues = "-",
            value = {
                "application/x-www-form-urlencoded                | 200",
                "Application/X-WWW-Form-URLEncoded ; charset=UTF-8 | 200",
                "application/x-www-form-urlencoded; charset=\"utf-8\" | 200",
                "application/x-www-form-urlencoded; charset=latin1 | 415",
                "application/x-www-form-urlencoded; charset       | 400",
                "application/x-www-form-urlencodedx               | 415",
                "multipart/form-data; boundary=a                  | 415",
                "application/json                                 | 415",
                "text/plain                                       | 415",
                "-                                                | 415",
            })
    void formHasItsType(String type, int status) throws Exception {
        try (var raw = new Raw((request, response) -> response.send(request.form().toString()))) {
            String field = type == null ? "" : "Content-Type: " + type + "\r\n";
            raw.send("POST / HTTP/1.1\r\nHost: a\r\n" + field + "Content-Length: 3\r\n\r\na=1");
            assertThat(raw.answer().status()).isEqualTo(status);
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
    void cookiesAreReadAsTheyAre() throws Exception {
        try (var raw =
                new Raw((request, response) -> response.send(request.cookies().toString()))) {
            String sent = "a=1,b;\t c =\"q r\" ;d==%41+; =3; none;e=\";a=2;M=\u00c3\u00bc";
            raw.send("GET / HTTP/1.1\r\nHost: a\r\nCookie: " + sent + "\r\n\r\n");
            assertThat(raw.answer().body())
                    .isEqualTo("{a=1,b, c=q r, d==%41+, e=\", M=\u00c3\u00bc}");
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
