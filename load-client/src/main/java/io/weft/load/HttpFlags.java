package io.weft.load;

import io.netty.handler.codec.http.HttpMethod;

import org.jspecify.annotations.Nullable;

import picocli.CommandLine.Option;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;

/** The options that are for HTTP, as they are written. One thread's. */
final class HttpFlags {
    /** A queue of requests on each connection; wrk's own example has 3. */
    private static final int DEEPEST = 1000;

    /** RFC 9110 section 9.1 and 5.6.2: a token. */
    private static final Pattern METHOD = Pattern.compile("[!#$%&'*+.^_`|~0-9A-Za-z-]+");

    /** As Chromium's; curl has 300 kB, Go 10 MB. */
    static final int HEAD_BYTES = 256 * 1024;

    /** Each connection may hold as much. */
    private static final int LONGEST_HEAD = 16 * 1024 * 1024;

    /** The longest body; it is in memory, with the request that it is part of. */
    private static final long LONGEST_BODY = 1024 * 1024 * 1024;

    private static final int LOWEST_STATUS = 200;
    private static final int HIGHEST_STATUS = 599;

    @Option(
            names = "--method",
            paramLabel = "METHOD",
            description = "for HTTP: what to ask with (default: GET, with --body POST)")
    private @Nullable String method;

    @Option(
            names = {"-H", "--header"},
            paramLabel = "'NAME: VALUE'",
            description = "for HTTP: one more header; may be repeated")
    private List<String> headers = List.of();

    @Option(
            names = "--body",
            paramLabel = "TEXT|@FILE",
            description = "for HTTP: what to send with each request")
    private @Nullable String body;

    @Option(
            names = "--pipeline",
            paramLabel = "N",
            description = "for HTTP: requests on their way at once on a connection (default: 1)")
    private @Nullable Integer pipeline;

    @Option(
            names = "--no-keep-alive",
            description =
                    "for HTTP: a connection for each request; its time counts from connecting")
    private boolean noKeepAlive;

    @Option(
            names = "--expect-status",
            paramLabel = "CODE",
            description =
                    "for HTTP: every other status is a mismatch (default: 2xx and 3xx are right)")
    private @Nullable Integer status;

    @Option(
            names = "--expect-body",
            paramLabel = "TEXT|@FILE",
            description = "for HTTP: every other body is a mismatch (default: any is right)")
    private @Nullable String expected;

    @Option(
            names = "--max-head",
            paramLabel = "BYTES",
            description = "for HTTP: the longest head of an answer that is read (default: 262144)")
    private @Nullable Integer headBytes;

    /**
     * The options, checked; null for a target that is asked nothing in HTTP.
     *
     * @throws IllegalArgumentException if they make no sense; the message says which
     */
    @Nullable HttpOptions check(Target target) {
        if (!target.scheme().isHttp()) {
            forHttp("--method", method != null);
            forHttp("--header", !headers.isEmpty());
            forHttp("--body", body != null);
            forHttp("--pipeline", pipeline != null);
            forHttp("--no-keep-alive", noKeepAlive);
            forHttp("--expect-status", status != null);
            forHttp("--expect-body", expected != null);
            forHttp("--max-head", headBytes != null);
            return null;
        }
        int depth = pipeline == null ? 1 : pipeline;
        refuse(
                depth < 1 || depth > DEEPEST,
                "--pipeline is 1 to " + DEEPEST + ", but was " + depth);
        refuse(
                depth > 1 && noKeepAlive,
                "--pipeline needs the keep-alive that --no-keep-alive ends");
        refuse(
                status != null && (status < LOWEST_STATUS || status > HIGHEST_STATUS),
                "--expect-status is 200 to 599, but was " + status);
        refuse(
                method != null && !METHOD.matcher(method).matches(),
                "--method is one word, but was '" + method + "'");
        refuse(
                "CONNECT".equals(method),
                "--method CONNECT opens a tunnel, there is no answer in it");
        refuse(
                headBytes != null && (headBytes < 1 || headBytes > LONGEST_HEAD),
                "--max-head is 1 to " + LONGEST_HEAD + ", but was " + headBytes);
        var asked = HttpMethod.valueOf(method != null ? method : body != null ? "POST" : "GET");
        refuse(
                asked.equals(HttpMethod.HEAD) && expected != null,
                "--expect-body cannot be met: an answer to HEAD has no body");
        byte[] sent = body == null ? new byte[0] : bytes("--body", body);
        return new HttpOptions(
                asked,
                RequestBytes.of(target, asked, headers, sent, !noKeepAlive),
                depth,
                status == null ? 0 : status,
                expected == null ? null : bytes("--expect-body", expected),
                headBytes == null ? HEAD_BYTES : headBytes);
    }

    private static byte[] bytes(String option, String value) {
        if (!value.startsWith("@")) {
            return value.getBytes(StandardCharsets.UTF_8);
        }
        var file = Path.of(value.substring(1));
        try {
            long size = Files.size(file);
            refuse(
                    size > LONGEST_BODY,
                    option + " goes to " + LONGEST_BODY + " bytes, but " + file + " has " + size);
            return Files.readAllBytes(file);
        } catch (IOException e) {
            throw new IllegalArgumentException(option + " cannot be read from " + file, e);
        }
    }

    private static void forHttp(String option, boolean given) {
        refuse(given, option + " is for http:// and https:// targets");
    }

    private static void refuse(boolean wrong, String message) {
        if (wrong) {
            throw new IllegalArgumentException(message);
        }
    }
}
