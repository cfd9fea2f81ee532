package io.weft.http.h1;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.http.HttpObject;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.util.ReferenceCountUtil;
import io.weft.http.HttpException;
import io.weft.http.Limits;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.nio.charset.StandardCharsets;
import java.util.regex.Pattern;

/** All bytes at all places of a request line, in place of one and between two. */
class RequestLineTest {
    private static final String FIELDS = "Host: a\r\n\r\n";

    /** The RFCs' grammar, and what Weft takes beside it (see Grammar). */
    private static final Pattern LINE =
            Pattern.compile(
                    """
                    (\\r\\n)*\
                    (OPTIONS\\ \\*|[!#$%&'*+\\-.^_`|~0-9A-Za-z]+\\ \
                    ((?i:https?)://HOST)?(/PATH*)?(\\?QUERY*)?)\
                    \\ HTTP/1\\.[01]\\r\\n\
                    """
                            .replace(
                                    "HOST",
                                    "([-._~0-9A-Za-z!$&'()*+;=]|%[0-9A-Fa-f]{2})+(:[0-9]{0,4})?")
                            .replace("PATH", "[-._~0-9A-Za-z!$&'()*+,;=:@/%|^\\[\\]\\x80-\\xff]")
                            .replace(
                                    "QUERY",
                                    "[-._~0-9A-Za-z!$&'()*+,;=:@/?%|^\\[\\]`{}\\\\\\x80-\\xff]"));

    @ParameterizedTest
    @ValueSource(
            strings = {
                "GET /p?q HTTP/1.1\r\n",
                "POST /a/b HTTP/1.0\r\n",
                "\r\nGET / HTTP/1.1\r\n",
                "OPTIONS * HTTP/1.1\r\n",
                "GET http://h:80/p HTTP/1.1\r\n",
                "CONNECT a:80 HTTP/1.1\r\n",
            })
    void isTakenIfTheGrammarHasIt(String line) {
        for (int at = 0; at < line.length(); at++) {
            for (char c = 0; c < 256; c++) {
                verify(line.substring(0, at) + c + line.substring(at));
                verify(line.substring(0, at) + c + line.substring(at + 1));
            }
        }
    }

    private static void verify(String line) {
        boolean valid = LINE.matcher(line).matches() && hasTarget(line);
        assertThat(isTaken(line + FIELDS + FIELDS)).as(line).isEqualTo(valid);
    }

    /** What the pattern leaves out: a target that is empty, a query alone, CONNECT. */
    private static boolean hasTarget(String line) {
        String[] words = line.strip().split(" ", -1);
        return !words[0].equals("CONNECT") && !words[1].isEmpty() && words[1].charAt(0) != '?';
    }

    private static boolean isTaken(String text) {
        var channel = new EmbeddedChannel(new RequestDecoder(Limits.DEFAULT, null, () -> false));
        channel.writeInbound(Unpooled.wrappedBuffer(text.getBytes(StandardCharsets.ISO_8859_1)));
        HttpObject first = channel.readInbound();
        boolean taken = false;
        if (first instanceof HttpRequest request) {
            try {
                HeadCheck.check(request, Limits.DEFAULT);
                taken = true;
            } catch (BadRequest | HttpException e) {
                // refused
            }
        }
        ReferenceCountUtil.release(first);
        channel.finishAndReleaseAll();
        return taken;
    }
}
