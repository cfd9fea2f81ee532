package io.weft.http;

import static io.weft.http.Forms.TELL;
import static io.weft.http.Forms.chunked;
import static io.weft.http.Forms.part;
import static io.weft.http.Forms.post;
import static io.weft.http.Forms.whole;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.nio.charset.StandardCharsets;

/** Forms with files (RFC 7578): what is in them, and what is none. */
class MultipartTest {
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

    /** RFC 2046 section 5.1.1: padding for transport, and an epilogue, are nothing to a reader. */
    @Test
    void blanksBehindABoundaryAndWhatFollowsTheLastAreIgnored() throws Exception {
        String body = whole(part("name=a", "1 "), part("name=b; filename=x", " 2"));
        String expected = "a|null|null|1 \nb|x|null| 2\n";
        try (var raw = new Raw(TELL)) {
            for (String padding : new String[] {" ", "\t", " \t ", " ".repeat(20_000)}) {
                String spaced =
                        body.replace("--XyZ", "--XyZ" + padding).replace(padding + "--", "--");
                raw.send(post(spaced + "\r\nanything\r\n--XyZ\r\nbut a part".repeat(3)));
                assertThat(raw.answer().body()).isEqualTo(expected);
            }
            for (String end :
                    new String[] {"", "\r\n", " \r\n", "x", "\r\n" + "-".repeat(1 << 20)}) {
                raw.send(post(body.substring(0, body.length() - 2) + end));
                assertThat(raw.answer().body()).isEqualTo(expected);
            }
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

    /**
     * As Werkzeug does; browsers, which escape nothing by a backslash, are told by what they send.
     */
    @ParameterizedTest
    @CsvSource(
            quoteCharacter = '`',
            value = {
                "x\\\"y.txt     , x\"y.txt",
                "x\\\\y.txt     , x\\y.txt",
                "\\\\\\\"       , \\\"",
                "x\\\"; y=\\\"z  , x\"; y=\"z",
                "C:\\dir\\a.txt , C:\\dir\\a.txt",
                "x\\          , x\\",
                "x%22y.txt    , x\"y.txt",
                "x%25y.txt    , x%25y.txt",
                "\\\\a\\b.txt , \\\\a\\b.txt",
            })
    void quotedFileNameIsUnescaped(String quoted, String name) throws Exception {
        try (var raw = new Raw(TELL)) {
            raw.send(post(whole(part("name=f; filename=\"" + quoted + "\"", "1"))));
            assertThat(raw.answer().body()).isEqualTo("f|" + name + "|null|1\n");
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
                                        part(
                                                "name=f; filename=x\r\nContent-Type: text/plain",
                                                "\r\n--Xy\r"))
                                .replaceFirst("--XyZ\r\n", "--XyZ \t\r\n")
                        + "--XyZ\r\nepilogue";
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

    /** RFC 7578 section 4.3: there is no such thing any more. */
    @Test
    void mixedPartIsAPartAsAnyOther() throws Exception {
        String mixed = "--in\r\nContent-Disposition: attachment\r\n\r\none\r\n--in--";
        String type = "name=files\r\nContent-Type: multipart/mixed; boundary=in";
        try (var raw = new Raw(TELL)) {
            assertThat(raw.send(post(whole(part(type, mixed)))).answer().body())
                    .isEqualTo("files|null|multipart/mixed|" + mixed + "\n");
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"a:b", "a=b", "a,b", "a;b", " a ", "a;filename=x", "_charset_", "%", ""})
    void nameComesAsItWasSent(String name) throws Exception {
        try (var raw = new Raw(TELL)) {
            raw.send(post(whole(part("name=\"" + name + "\"", "1"), part("name=b", "2"))));
            assertThat(raw.answer().body()).isEqualTo(name + "|null|null|1\nb|null|null|2\n");
        }
    }

    /** RFC 8187, as urllib3 had it. */
    @Test
    void extendedFileNameGoesFirst() throws Exception {
        try (var raw = new Raw(TELL)) {
            raw.send(
                    post(whole(part("name=f; filename=\"x\"; filename*=utf-8'de'M%C3%BC%22", ""))));
            assertThat(utf8(raw.answer().body())).isEqualTo("f|M\u00fc\"|null|\n");
        }
    }

    /** RFC 5322 section 2.2.3. */
    @Test
    void foldedHeadIsUnfolded() throws Exception {
        try (var raw = new Raw(TELL)) {
            raw.send(post(whole(part("name=\"a\r\n b\";\r\n\tfilename=x", "1"))));
            assertThat(raw.answer().body()).isEqualTo("a b|x|null|1\n");
        }
    }

    /** The CR LF behind the head is the delimiter's own. */
    @Test
    void partMayHaveNoContentAtAll() throws Exception {
        try (var raw = new Raw(TELL)) {
            raw.send(post(whole(part("name=a", "")).replace("\r\n\r\n\r\n", "\r\n\r\n")));
            assertThat(raw.answer().body()).isEqualTo("a|null|null|\n");
        }
    }

    /** A tilde is CR LF. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "nothing at all           | ''",
                "text behind a boundary   | --XyZ 1~Content-Disposition: form-data;"
                        + " name=a~~1~--XyZ--",
                "hyphens behind a blank   | --XyZ~Content-Disposition: form-data;"
                        + " name=a~~1~--XyZ --",
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
                "two names                | --XyZ~Content-Disposition: form-data; name=a;"
                        + " name=b~~1~--XyZ--",
                "two dispositions         | --XyZ~Content-Disposition: form-data; name=a~"
                        + "Content-Disposition: form-data; name=b~~1~--XyZ--",
                "two types                | --XyZ~Content-Disposition: form-data; name=a~"
                        + "Content-Type: a/b~Content-Type: c/d~~1~--XyZ--",
                "text behind a quote      | --XyZ~Content-Disposition: form-data;"
                        + " name=\"a\"b~~1~--XyZ--",
                "quote that is not closed | --XyZ~Content-Disposition: form-data;"
                        + " name=\"a~~1~--XyZ--",
                "only a name*             | --XyZ~Content-Disposition: form-data;"
                        + " name*=UTF-8''a~~1~--XyZ--",
                "no colon                 | --XyZ~Content-Disposition: form-data; name=a~"
                        + "nonsense~~1~--XyZ--",
                "blank before the colon   | --XyZ~Content-Disposition : form-data;"
                        + " name=a~~1~--XyZ--",
                "folded at the front      | --XyZ~ Content-Disposition: form-data;"
                        + " name=a~~1~--XyZ--",
                "LF behind a boundary     | --XyZ<LF>Content-Disposition: form-data;"
                        + " name=a~~1~--XyZ--",
                "LF in a head             | --XyZ~Content-Disposition: form-data;"
                        + " name=a<LF>X: y~~1~--XyZ--",
                "CR in a head             | --XyZ~Content-Disposition: form-data;"
                        + " name=a<CR>X: y~~1~--XyZ--",
                "control in a type        | --XyZ~Content-Disposition: form-data; name=a~"
                        + "Content-Type: a/\1~~1~--XyZ--",
                "one hyphen               | --XyZ~Content-Disposition: form-data;"
                        + " name=a~~1~--XyZ-",
                "LF before a boundary     | --XyZ~Content-Disposition: form-data;"
                        + " name=a~~1<LF>--XyZ--",
                "malformed file name      | --XyZ~Content-Disposition: form-data; name=a;"
                        + " filename*=UTF-8''%zz~~1~--XyZ--",
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
            var answer = raw.send(post(bytes(body))).answer();
            assertThat(answer.status()).as(answer.body()).isEqualTo(400);
            assertThat(raw.send(post(whole(part("name=a", "1")))).answer().body())
                    .as("the next on this connection")
                    .isEqualTo("a|null|null|1\n");
        }
    }

    private static String bytes(String told) {
        return told.replace("~", "\r\n").replace("<LF>", "\n").replace("<CR>", "\r");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            nullValues = "-",
            value = {
                "-                                            | 415",
                "text/plain                                   | 415",
                "multipart/mixed; boundary=a                  | 415",
                "multipart/form-data                          | 400",
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
}
