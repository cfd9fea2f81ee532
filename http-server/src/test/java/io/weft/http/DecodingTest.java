package io.weft.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.weft.http.form.FormLimits;
import io.weft.http.form.Multipart;
import io.weft.http.form.Part;
import io.weft.http.form.UrlEncoded;
import io.weft.http.grammar.Ascii;
import io.weft.http.grammar.ExtendedValue;
import io.weft.http.grammar.PercentEncoding;
import io.weft.http.testing.Asked;
import io.weft.http.testing.Dribble;
import io.weft.http.testing.Reference;

import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.List;

/** Whatever decodes comes to the same as the reference, for all characters and pairs of bytes. */
class DecodingTest {
    private static String query(String octets) throws HttpException {
        return String.valueOf(Asked.target("/?q=" + octets).query("q"));
    }

    private static String form(String octets) throws IOException {
        return UrlEncoded.read(new Dribble("q=" + octets), FormLimits.DEFAULT).get("q").getFirst();
    }

    private static Part part(String name) throws IOException {
        String head = "Content-Disposition: form-data; name=\"" + name + "\"; filename=\"" + name;
        String body = "--b\r\n" + head + "\"\r\n\r\n\r\n--b--";
        return new Multipart(new Dribble(body), "b", FormLimits.DEFAULT).next();
    }

    private static String cookie(String octets) {
        return Cookies.parse(List.of("x=1; a=" + octets + ";y=2")).get("a");
    }

    private static String status(String path) {
        try {
            Asked.target(path).pathSegments();
            return "200";
        } catch (HttpException e) {
            return Integer.toString(e.status());
        }
    }

    private interface Each {
        void character(String text) throws Exception;
    }

    private static void forAll(Each each) throws Exception {
        for (int c = 0; c <= 0xffff; c++) {
            if (!Character.isSurrogate((char) c)) {
                each.character(Character.toString(c));
            }
        }
        each.character("\uD83D\uDE00"); // beyond them
    }

    @Test
    void escapedCharacterComesBackEverywhere() throws Exception {
        forAll(
                text -> {
                    String escaped = "z" + Reference.escaped(text) + "z";
                    String expected = "z" + text + "z";
                    assertThat(query(escaped)).isEqualTo(expected);
                    assertThat(form(escaped)).isEqualTo(expected);
                    assertThat(PercentEncoding.decode(escaped))
                            .isEqualTo(Reference.percentDecoded(escaped));
                    assertThat(ExtendedValue.decode(ExtendedValue.encode(expected)))
                            .isEqualTo(expected);
                    if (!text.equals("\0")) {
                        Request request = Asked.target("/x/" + escaped);
                        assertThat(request.pathSegments()).containsExactly("x", expected);
                        assertThat(request.path())
                                .isEqualTo("/x/" + expected.replace("z/z", "z%2Fz"));
                    }
                });
    }

    @Test
    void rawCharacterComesBackEverywhere() throws Exception {
        forAll(
                text -> {
                    String raw = "z" + Reference.octets(text) + "z";
                    String expected = "z" + text + "z";
                    if ("&+".indexOf(text) < 0) {
                        assertThat(query(raw)).isEqualTo(expected);
                        assertThat(form(raw)).isEqualTo(expected);
                    }
                    if ("/%?\0".indexOf(text) < 0) {
                        assertThat(Asked.target("/" + raw).pathSegments())
                                .containsExactly(expected);
                        assertThat(Asked.target("/" + raw).path()).isEqualTo("/" + expected);
                    }
                    if ("\"\r\n".indexOf(text) < 0) {
                        assertThat(part(raw).name()).isEqualTo(expected);
                        assertThat(part(raw).fileName()).isEqualTo(expected);
                    }
                    if (!text.equals(";")) {
                        assertThat(cookie(raw)).isEqualTo(expected);
                    }
                });
    }

    @Test
    void pairOfBytesIsDecodedAsByTheReference() throws Exception {
        for (int pair = 0; pair <= 0xffff; pair++) {
            String bytes = "" + (char) (pair >> 8) + (char) (pair & 0xff);
            if (bytes.indexOf('&') < 0) {
                String expected = Reference.formDecoded("z" + bytes + "41");
                assertThat(query("z" + bytes + "41")).isEqualTo(expected);
                assertThat(form("z" + bytes + "41")).isEqualTo(expected);
            }
            if (!bytes.matches("(?s).*[\"\r\n\\\\].*")) {
                assertThat(part("z" + bytes).name()).isEqualTo(Reference.utf8("z" + bytes));
            }
            if (bytes.indexOf(';') < 0) {
                assertThat(cookie("z" + bytes + "z")).isEqualTo(Reference.utf8("z" + bytes + "z"));
            }
        }
    }

    /** Digits are those of ASCII. */
    @Test
    void pairBehindAPercentSignIsAnEscapeOrNone() throws Exception {
        for (int pair = 0; pair <= 0xffff; pair++) {
            String bytes = "%" + (char) (pair >> 8) + (char) (pair & 0xff);
            boolean escape = bytes.matches("%[0-9A-Fa-f]{2}");
            assertThat(PercentEncoding.isWellFormed(bytes)).isEqualTo(escape);
            assertThat(PercentEncoding.decode(bytes)).isEqualTo(Reference.percentDecoded(bytes));
            if (bytes.indexOf('&') < 0) {
                assertThat(query(bytes)).isEqualTo(Reference.formDecoded(bytes));
                assertThat(form(bytes)).isEqualTo(Reference.formDecoded(bytes));
            }
            if (!escape && bytes.indexOf('/') < 0 && bytes.indexOf('?') < 0) {
                assertThat(status("/" + bytes)).isEqualTo("400");
            }
        }
        for (char c = 0; c < 0xffff; c++) {
            boolean digit = "0123456789abcdefABCDEF".indexOf(c) >= 0;
            assertThat(Ascii.hexDigit(c)).isEqualTo(digit ? Character.digit(c, 16) : -1);
            assertThat(Ascii.number("1" + c)).isEqualTo(c >= '0' && c <= '9' ? 10 + c - '0' : -1);
        }
    }

    /** Where bytes are no UTF-8 a path is refused: it decides what may be had. */
    @Test
    void pathOfNoUtf8IsRefusedHoweverItIsWritten() {
        for (int pair = 0x8080; pair <= 0xffff; pair++) {
            String bytes = "" + (char) (pair >> 8) + (char) (pair & 0xff);
            if (bytes.charAt(1) < 0x80) {
                continue;
            }
            String expected = Reference.utf8(bytes).contains("\ufffd") ? "400" : "200";
            assertThat(status("/" + bytes)).isEqualTo(expected);
            byte[] both = {(byte) (pair >> 8), (byte) pair};
            String escaped = HexFormat.of().withPrefix("%").withUpperCase().formatHex(both);
            assertThat(status("/" + escaped)).isEqualTo(expected);
        }
    }

    /** No wire brings these, but nothing may become another character for it. */
    @Test
    void characterThatIsNoByteIsNotCutToOne() throws Exception {
        assertThat(query("\u013cscript\u013e")).isEqualTo("\u013cscript\u013e");
        assertThat(query("%41\u010d\u010a")).isEqualTo("A\u010d\u010a");
        assertThat(query("%\uff14\uff11")).isEqualTo("%\uff14\uff11");
        assertThat(status("/%\uff14\uff11")).isEqualTo("400");
    }

    /** A field's value comes as it is, one character for each byte (RFC 9110 section 5.5). */
    @Test
    void headerComesAsItsBytes() throws Exception {
        Handler tell =
                (request, response) -> {
                    String value = String.valueOf(request.header("X"));
                    response.send(value.getBytes(StandardCharsets.ISO_8859_1));
                };
        try (var raw = new Raw(tell)) {
            for (int first = ' '; first <= 0xff; first++) {
                if (first != 0x7f) {
                    var value = new StringBuilder("z");
                    for (int second = ' '; second <= 0xff; second++) {
                        value.append(second == 0x7f ? "" : "" + (char) first + (char) second);
                    }
                    String sent = value.append('z').toString();
                    raw.send("GET / HTTP/1.1\r\nHost: a\r\nX: " + sent + "\r\n\r\n");
                    assertThat(raw.answer().body()).isEqualTo(sent);
                }
            }
        }
    }
}
