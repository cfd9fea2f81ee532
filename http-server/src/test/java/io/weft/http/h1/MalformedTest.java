package io.weft.http.h1;

import static org.assertj.core.api.Assertions.assertThat;

import io.weft.http.Raw;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.util.concurrent.atomic.AtomicInteger;

/**
 * What is no request is refused, the connection closed, and the handler never called; above all,
 * nothing of a body is ever taken for a second request (RFC 9112 section 11.2).
 */
class MalformedTest {
    private static final String SMUGGLED = "GET /smuggled HTTP/1.1\r\nHost: test\r\n\r\n";

    /** A tilde is CR LF. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "request line without a version       | GET /~Host: a~~ | 400",
                "no target                            | GET  HTTP/1.1~Host: a~~ | 400",
                "target of another kind               | GET nowhere HTTP/1.1~Host: a~~ | 400",
                "method that is no token              | G@T / HTTP/1.1~Host: a~~ | 400",
                "HTTP/2.0                             | GET / HTTP/2.0~Host: a~~ | 505",
                "HTTP/1.2                             | GET / HTTP/1.2~Host: a~~ | 505",
                "another protocol                     | GET / FTP/1.1~Host: a~~ | 400",
                "CONNECT                              | CONNECT a:80 HTTP/1.1~Host: a~~ | 501",
                "no Host                              | GET / HTTP/1.1~~ | 400",
                "two Hosts                            | GET / HTTP/1.1~Host: a~Host: a~~ | 400",
                "Host that is none                    | GET / HTTP/1.1~Host: a/b@c~~ | 400",
                "space before the colon               | GET / HTTP/1.1~Host : a~~ | 400",
                "folded line                          | GET / HTTP/1.1~Host: a~X: a~ b~~ | 400",
                "folded line with a tab               | GET / HTTP/1.1~Host: a~X: a~\tb~~ | 400",
                "first field folded                   | GET / HTTP/1.1~ Host: a~~ | 400",
                "field without a colon                | GET / HTTP/1.1~Host: a~nonsense~~ | 400",
                "field without a name                 | GET / HTTP/1.1~Host: a~: b~~ | 400",
                "name with a control character        | GET / HTTP/1.1~Host: a~X\u0001: b~~ | 400",
                "value with a control character       | GET / HTTP/1.1~Host: a~X: \u0001~~ | 400",
                "value with NUL                       | GET / HTTP/1.1~Host: a~X: a\u0000b~~ | 400",
                "negative length                      | POST / HTTP/1.1~Host: a~Content-Length:"
                        + " -1~~ | 400",
                "length with a sign                   | POST / HTTP/1.1~Host: a~Content-Length:"
                        + " +5~~hello | 400",
                "length in hexadecimal                | POST / HTTP/1.1~Host: a~Content-Length:"
                        + " 0x5~~hello | 400",
                "length with a space in it            | POST / HTTP/1.1~Host: a~Content-Length: 1"
                        + " 2~~ | 400",
                "empty length                         | POST / HTTP/1.1~Host: a~Content-Length: ~~"
                        + " | 400",
                "huge length                          | POST / HTTP/1.1~Host: a~Content-Length:"
                        + " 99999999999999999999~~ | 400",
                "two lengths that differ              | POST / HTTP/1.1~Host: a~Content-Length:"
                        + " 5~Content-Length: 6~~hello | 400",
                "two equal lengths                    | POST / HTTP/1.1~Host: a~Content-Length:"
                        + " 5~Content-Length: 5~~hello | 400",
                "list of lengths                      | 'POST / HTTP/1.1~Host: a~Content-Length: 5,"
                        + " 5~~hello' | 400",
                "CL.TE                                | POST / HTTP/1.1~Host: a~Content-Length:"
                        + " 5~Transfer-Encoding: chunked~~0~~ | 400",
                "TE.CL                                | POST / HTTP/1.1~Host: a~Transfer-Encoding:"
                        + " chunked~Content-Length: 5~~0~~ | 400",
                "TE.TE                                | POST / HTTP/1.1~Host: a~Transfer-Encoding:"
                        + " chunked~Transfer-Encoding: identity~~0~~ | 400",
                "TE in another spelling               | POST / HTTP/1.1~Host: a~Transfer-Encoding:"
                        + " xchunked~~0~~ | 400",
                "TE with something before             | 'POST / HTTP/1.1~Host: a~Transfer-Encoding:"
                        + " gzip, chunked~~0~~' | 501",
                "TE with something behind             | 'POST / HTTP/1.1~Host: a~Transfer-Encoding:"
                        + " chunked, gzip~~0~~' | 400",
                "TE with a control character          | POST / HTTP/1.1~Host: a~Transfer-Encoding:"
                        + " \u000bchunked~~0~~ | 400",
                "TE of HTTP/1.0                       | POST / HTTP/1.0~Host: a~Transfer-Encoding:"
                        + " chunked~~0~~ | 400",
                "TE with a comma behind               | 'POST / HTTP/1.1~Host: a~Transfer-Encoding:"
                        + " chunked,~~0~~' | 400",
                "TE in quotes                         | 'POST / HTTP/1.1~Host: a~Transfer-Encoding:"
                        + " \"chunked\"~~0~~' | 400",
                "TE with a space before the colon     | POST / HTTP/1.1~Host: a~Transfer-Encoding :"
                        + " chunked~~0~~ | 400",
                "TE with NUL                          | POST / HTTP/1.1~Host: a~Transfer-Encoding:"
                        + " chunked\u0000~~0~~ | 400",
                "TE with a parameter                  | POST / HTTP/1.1~Host: a~Transfer-Encoding:"
                        + " chunked;q=1~~0~~ | 400",
                "empty TE                             | POST / HTTP/1.1~Host: a~Transfer-Encoding:~"
                        + "~0~~ | 400",
                "TE.TE in different case              | POST / HTTP/1.1~Host: a~transfer-encoding:"
                        + " chunked~TRANSFER-ENCODING: cow~~0~~ | 400",
                "TE folded                            | POST / HTTP/1.1~Host: a~Transfer-Encoding:~"
                        + " chunked~~0~~ | 400",
                "length folded                        | POST / HTTP/1.1~Host: a~Content-Length:~ 5"
                        + "~~hello | 400",
                "lengths in different case            | POST / HTTP/1.1~Host: a~content-length:"
                        + " 5~CONTENT-LENGTH: 4~~hello | 400",
                "length with a vertical tab           | POST / HTTP/1.1~Host: a~Content-Length:"
                        + " 5\u000b~~hello | 400",
                "length with a no-break space         | POST / HTTP/1.1~Host: a~Content-Length:"
                        + " 5\u00a0~~hello | 400",
                "length with a fraction               | POST / HTTP/1.1~Host: a~Content-Length:"
                        + " 5.0~~hello | 400",
                "length with a space before the colon | POST / HTTP/1.1~Host: a~Content-Length :"
                        + " 5~~hello | 400",
                "name with a tab before the colon     | GET / HTTP/1.1~Host: a~X\t: b~~ | 400",
                "name in parentheses                  | GET / HTTP/1.1~Host: a~(X): b~~ | 400",
                "name with a byte above ASCII         | GET / HTTP/1.1~Host: a~X\u00e9: b~~ | 400",
                "value with DEL                       | GET / HTTP/1.1~Host: a~X: a\u007f~~ | 400",
                "four words in the request line       | GET / / HTTP/1.1~Host: a~~ | 400",
                "two spaces before the target         | GET  / HTTP/1.1~Host: a~~ | 400",
                "two spaces before the version        | GET /  HTTP/1.1~Host: a~~ | 400",
                "space behind the version             | GET / HTTP/1.1 ~Host: a~~ | 400",
                "tabs in the request line             | GET\t/\tHTTP/1.1~Host: a~~ | 400",
                "vertical tab in the request line     | GET\u000b/ HTTP/1.1~Host: a~~ | 400",
                "form feed in the request line        | GET /\fHTTP/1.1~Host: a~~ | 400",
                "target with NUL                      | GET /\u0000 HTTP/1.1~Host: a~~ | 400",
                "version in lower case                | GET / http/1.1~Host: a~~ | 400",
                "version in mixed case                | GET / HTTp/1.0~Host: a~~ | 400",
                "first key of hixie-76                | GET / HTTP/1.1~Host: a~Sec-WebSocket-Key1:"
                        + " 1~~XXXXXXXX | 400",
                "second key of hixie-76               | GET / HTTP/1.1~Host: a~SEC-WEBSOCKET-KEY2:"
                        + " 1~~XXXXXXXX | 400",
                "both keys of hixie-76                | GET / HTTP/1.1~Host: a~sec-websocket-key1:"
                        + " 1~Sec-WebSocket-Key2: 2~~XXXXXXXX | 400",
                "asterisk of another method           | GET * HTTP/1.1~Host: a~~ | 400",
                "authority of another method          | GET a:80 HTTP/1.1~Host: a~~ | 400",
                "CONNECT to a path                    | CONNECT / HTTP/1.1~Host: a~~ | 400",
                "absolute target without a host       | GET http:///get HTTP/1.1~Host: a~~ | 400",
                "absolute target with a user          | GET http://u:p@h/get HTTP/1.1~Host: a~~"
                        + " | 400",
                "absolute target that is no host      | GET http://x@evil<b>/get"
                        + " HTTP/1.1~Host: a~~ | 400",
                "absolute target with a bad port      | GET http://a:b/ HTTP/1.1~Host: a~~ | 400",
                "absolute target and a bad Host       | GET http://a/ HTTP/1.1~Host: a@b~~ | 400",
                "absolute target without a Host       | GET http://a/ HTTP/1.1~~ | 400",
                "target with a fragment               | GET /a#b HTTP/1.1~Host: a~~ | 400",
                "target with an angle bracket         | GET /a<b HTTP/1.1~Host: a~~ | 400",
                "second expectation unknown           | POST / HTTP/1.1~Host: a~Expect:"
                        + " 100-continue~Expect: miracles~Content-Length: 5~~hello | 417",
                "unknown expectation                  | POST / HTTP/1.1~Host: a~Expect:"
                        + " miracles~Content-Length: 5~~hello | 417",
            })
    void isRefused(String what, String request, int status) throws Exception {
        refuses(request.replace("~", "\r\n"), status);
    }

    @Test
    void spaceBeforeTheMethodIsRefused() throws Exception {
        refuses(" GET / HTTP/1.1\r\nHost: a\r\n\r\n", 400);
    }

    /** Line ends that a lenient server reads differently. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "bare LF after the request line | GET / HTTP/1.1LHost: aCLCL",
                "bare LF after a field          | GET / HTTP/1.1CLHost: aLX: bCLCL",
                "bare CR in place of a space    | GETC/ HTTP/1.1CLHost: aCLCL",
                "bare CR in the request line    | GET /CX HTTP/1.1CLHost: aCLCL",
                "bare CR in a value             | GET / HTTP/1.1CLHost: aCLX: bCY: cCLCL",
                "bare CR after a field          | GET / HTTP/1.1CLHost: aCX: bCLCL",
                "bare LF before the request     | LGET / HTTP/1.1CLHost: aCLCL",
                "bare CR before the request     | CGET / HTTP/1.1CLHost: aCLCL",
                "two CR before the request      | CCLGET / HTTP/1.1CLHost: aCLCL",
                "bare LF after an empty line    | CLLGET / HTTP/1.1CLHost: aCLCL",
            })
    void lineEndIsCrLf(String what, String request) throws Exception {
        refuses(request.replace("C", "\r").replace("L", "\n"), 400);
    }

    private static void refuses(String request, int status) throws Exception {
        var calls = new AtomicInteger();
        try (var raw =
                new Raw(
                        (asked, response) -> {
                            calls.incrementAndGet();
                            response.send("called");
                        })) {
            var answer = raw.send(request + SMUGGLED).answer();
            assertThat(answer.status()).as(answer.head + answer.body()).isEqualTo(status);
            assertThat(answer.header("connection")).isEqualTo("close");
            raw.socket().shutdownOutput();
            raw.assertClosed();
            assertThat(calls).hasValue(0);
        }
    }

    /** The head is good, so the handler is called; its read of the body fails. ^ is LF, ` CR. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "size that is no number      | x~hello~0~~",
                "negative size               | -1~hello~0~~",
                "size with a sign            | +5~hello~0~~",
                "size in C's way             | 0x5~hello~0~~",
                "size too long               | fffffffffffffffff~hello~0~~",
                "empty size                  | ~hello~0~~",
                "no CR LF behind the data    | 5~helloXX0~~",
                "data longer than its size   | 4~hello~0~~",
                "size behind a space         | ' 5~hello~0~~'",
                "bare LF behind the size     | 5^hello~0~~",
                "bare CR behind the size     | 5`hello~0~~",
                "bare LF behind the data     | 5~hello^0~~",
                "bare CR behind the data     | 5~hello`0~~",
                "bare LF behind the last size | 5~hello~0^~",
                "bare LF in an extension     | 5;a=b^hello~0~~",
                "bare CR in an extension     | 5;a=b`c~hello~0~~",
                "CR LF quoted in an extension | '5;a=\"~\"~hello~0~~'",
                "size of two numbers         | 5 5~hello~0~~",
                "folded trailer              | 5~hello~0~X: a~ b~~",
                "trailer folded with a tab   | 5~hello~0~X: a~\tb~~",
                "first trailer folded        | 5~hello~0~ X: a~~",
                "trailer without a colon     | 5~hello~0~nonsense~~",
                "trailer with a space before the colon | 5~hello~0~X : a~~",
                "trailer with a control character | 5~hello~0~X: a\u0001~~",
                "trailer with a bare LF      | 5~hello~0~X: a^Y: b~~",
                "trailer with a bare CR      | 5~hello~0~X: a`Y: b~~",
            })
    void chunkIsRefused(String what, String body) throws Exception {
        var calls = new AtomicInteger();
        try (var raw =
                new Raw(
                        (asked, response) -> {
                            calls.incrementAndGet();
                            response.send(asked.text(100));
                        })) {
            raw.send("POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n");
            String bytes = body.replace("~", "\r\n").replace('^', '\n').replace('`', '\r');
            var answer = raw.send(bytes + SMUGGLED).answer();
            assertThat(answer.status()).as(answer.body()).isEqualTo(400);
            assertThat(answer.header("connection")).isEqualTo("close");
            raw.socket().shutdownOutput();
            raw.assertClosed();
            assertThat(calls).hasValue(1);
        }
    }
}
