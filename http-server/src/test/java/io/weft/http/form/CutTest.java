package io.weft.http.form;

import static org.assertj.core.api.Assertions.assertThat;

import io.weft.http.testing.Dribble;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;

/** The same bytes are the same form, however they are cut on their way. */
class CutTest {
    private static final String HEAD = "Content-Disposition: form-data; name=";

    /** All that comes of a form, its refusal included. */
    private static String multipart(InputStream body) {
        var told = new StringBuilder();
        try {
            var form = new Multipart(body, "XyZ", FormLimits.DEFAULT);
            for (Part part; (part = form.next()) != null; ) {
                told.append(part).append(part.contentType()).append('=');
                for (int b; (b = part.body().read()) >= 0; ) {
                    told.append((char) b);
                }
                told.append('|');
            }
            return told.append("end").toString();
        } catch (FormException e) {
            return told.append(e.status()).append(e.getMessage()).toString();
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    /** A tilde is CR LF. */
    private static String octets(String told) {
        return told.replace("~", "\r\n");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "--XyZ~" + HEAD + "a~~1~--XyZ--",
                "preamble~--XyZ \t~" + HEAD + "a~~one~~\r~two\n~--XyZ~" + HEAD + "b~~~--XyZ--epi",
                "--XyZ~" + HEAD + "a~X: y~\tz~Content-Type: a/b~~~--Xy\r~--XyZ--~--XyZ~tail",
                "--XyZ~" + HEAD + "a~~in the middle --XyZ~ of a line~--XyZ--",
                "--XyZ~" + HEAD + "a~~line by LF\n--XyZ\n" + HEAD + "b\n\n2\n--XyZ--~--XyZ--",
                "--XyZ~" + HEAD + "a~~line by CR\r--XyZ\r" + HEAD + "b\r\r2\r--XyZ--~--XyZ--",
                "--XyZ~" + HEAD + "a~--XyZ~" + HEAD + "b~~--XyZ~" + HEAD + "c~~3~--XyZ--",
                "--XyZ~" + HEAD + "a~~1~--XyZx~--XyZ--",
                "--XyZ~" + HEAD + "a~~1~--XyZ -~--XyZ--",
                "--XyZ~" + HEAD + "a~~1~--XyZ\r\r\n~--XyZ--",
                "--XyZ~" + HEAD + "a~~1~--XyZ\n~--XyZ--",
                "--XyZ~" + HEAD + "a\n~~1~--XyZ--",
                "--XyZ~" + HEAD + "a~~1\r\r~\r~-~--~--X~--Xy~--XyZ--",
                "--XyZ~" + HEAD + "a~~1~--XyZ",
                "--XyZ~" + HEAD + "a~~1~--Xy",
                "-~--XyZ--",
                "--XyZ--",
                "XyZ",
            })
    void multipartIsTheSameWhereverItIsCut(String told) {
        String body = octets(told);
        String expected = multipart(new Dribble(body));
        for (int at = 0; at <= body.length(); at++) {
            assertThat(multipart(new Dribble(body, at))).as("cut at %d", at).isEqualTo(expected);
        }
        assertThat(multipart(Dribble.bytes(body))).isEqualTo(expected);
    }

    @Test
    void multipartIsTheSameForEveryPairOfCuts() {
        String body = octets("--XyZ~" + HEAD + "a~~1\r~--Xy~--XyZ ~" + HEAD + "b~~--XyZ--~");
        String expected = "field anull=1\r\r\n--Xy|field bnull=|end";
        for (int first = 0; first <= body.length(); first++) {
            for (int second = first; second <= body.length(); second++) {
                assertThat(multipart(new Dribble(body, first, second))).isEqualTo(expected);
            }
        }
    }

    /** What almost is a delimiter, over and over, also where a read ends. */
    @Test
    void whatOnlyBeginsAsADelimiterIsContent() throws Exception {
        for (String almost :
                new String[] {"\r\n--Xy", "\r", "\r\n", "\r\n--", "\r\n-\r\n--XyY", "\r\r\n--X"}) {
            String content = almost.repeat(40_000 / almost.length()) + "x";
            String body = octets("--XyZ~" + HEAD + "a~~" + content + "~--XyZ--");
            for (int cut = 8100; cut < 8300; cut++) {
                var form = new Multipart(new Dribble(body, cut), "XyZ", FormLimits.DEFAULT);
                assertThat(text(form.next())).isEqualTo(content);
                assertThat(form.next()).isNull();
            }
        }
    }

    private static String text(Part part) throws IOException {
        return new String(part.bytes(), StandardCharsets.ISO_8859_1);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "a=1&b=%41+%2b&&c&=d&a=2=3",
                "na%C3%A9me=Zo\u00c3\u00ab&%=%4&%zz=%e2%82%ac%e2",
                "&&&",
                "=",
                "a=%",
            })
    void urlEncodedIsTheSameForEveryPairOfCuts(String body) throws Exception {
        var expected = UrlEncoded.read(new Dribble(body), FormLimits.DEFAULT);
        for (int first = 0; first <= body.length(); first++) {
            for (int second = first; second <= body.length(); second++) {
                var read = UrlEncoded.read(new Dribble(body, first, second), FormLimits.DEFAULT);
                assertThat(read.toString()).isEqualTo(expected.toString());
            }
        }
        byte[] query = body.getBytes(StandardCharsets.ISO_8859_1);
        assertThat(UrlEncoded.parse(query, 1000)).isEqualTo(expected);
    }
}
