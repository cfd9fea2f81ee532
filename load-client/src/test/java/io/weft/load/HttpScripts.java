package io.weft.load;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What HTTP servers of a test say, byte by byte. */
final class HttpScripts {
    private static final Pattern LENGTH = Pattern.compile("(?i)content-length: (\\d+)");

    private HttpScripts() {}

    /** Answers each request with the same bytes. */
    static ScriptedServer.Script always(String answer) {
        return (in, out) -> {
            while (!request(in).isEmpty()) {
                say(out, answer);
            }
        };
    }

    /** Answers one request so, and closes. */
    static ScriptedServer.Script once(String answer) {
        return (in, out) -> {
            if (!request(in).isEmpty()) {
                say(out, answer);
            }
        };
    }

    static String ok(String body) {
        return "HTTP/1.1 200 OK\r\nContent-Length: " + body.length() + "\r\n\r\n" + body;
    }

    static void say(OutputStream out, String text) throws IOException {
        out.write(text.getBytes(StandardCharsets.ISO_8859_1));
        out.flush();
    }

    /** The next request, its body included; empty at the end. */
    static String request(InputStream in) throws IOException {
        String head = until(in, "\r\n\r\n");
        Matcher length = LENGTH.matcher(head);
        return length.find()
                ? head
                        + new String(
                                in.readNBytes(Integer.parseInt(length.group(1))),
                                StandardCharsets.ISO_8859_1)
                : head;
    }

    private static String until(InputStream in, String end) throws IOException {
        var bytes = new ByteArrayOutputStream();
        for (int b; (b = in.read()) >= 0; ) {
            bytes.write(b);
            if (b == '\n' && bytes.toString(StandardCharsets.ISO_8859_1).endsWith(end)) {
                return bytes.toString(StandardCharsets.ISO_8859_1);
            }
        }
        return "";
    }
}
