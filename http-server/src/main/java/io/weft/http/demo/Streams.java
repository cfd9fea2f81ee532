package io.weft.http.demo;

import io.weft.Weft;
import io.weft.http.EventStream;
import io.weft.http.HttpException;
import io.weft.http.Request;
import io.weft.http.Response;
import io.weft.http.Router;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Random;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Bodies that take their time, or their length from the path. */
final class Streams {
    private static final int MOST_BYTES = 100 * 1024; // httpbin's own limit
    private static final int MOST_LINES = 100;
    private static final int MOST_SECONDS = 10;
    private static final int PIECE = 10 * 1024;

    /** What drips faster comes in larger drops. */
    private static final int TICK_MILLIS = 10;

    private static final Pattern RANGE = Pattern.compile("bytes=(\\d{1,18})?-(\\d{1,18})?");

    private Streams() {}

    static void addTo(Router routes) {
        routes.any("/delay/{n}", Streams::delay);
        routes.get("/stream/{n}", Streams::lines);
        routes.get("/stream-bytes/{n}", Streams::streamBytes);
        routes.get("/bytes/{n}", Streams::bytes);
        routes.get("/range/{n}", Streams::range);
        routes.get("/drip", Streams::drip);
        routes.get("/events", Streams::events);
    }

    private static void delay(Request request, Response response) throws Exception {
        long millis =
                Parameters.millis(request.pathParameter("n"), "delay", 0, MOST_SECONDS * 1000L);
        Weft.sleep(Duration.ofMillis(millis));
        var answer = Requests.whole(request);
        answer.remove("json"); // httpbin does not look for any here
        Json.send(response, answer);
    }

    private static void lines(Request request, Response response)
            throws IOException, HttpException {
        int count = Parameters.path(request, "n", MOST_LINES);
        var line = Requests.head(request);
        response.header("Content-Type", "application/json");
        for (int i = 0; i < count; i++) {
            line.put("id", i);
            response.body().write((Json.line(line) + "\n").getBytes(StandardCharsets.UTF_8));
        }
    }

    private static void bytes(Request request, Response response)
            throws IOException, HttpException {
        var bytes = new byte[Parameters.path(request, "n", MOST_BYTES)];
        random(request).nextBytes(bytes);
        response.header("Content-Type", "application/octet-stream").send(bytes);
    }

    private static void streamBytes(Request request, Response response)
            throws IOException, HttpException {
        int count = Parameters.path(request, "n", MOST_BYTES);
        int piece = Math.max(1, Parameters.query(request, "chunk_size", PIECE, MOST_BYTES));
        var random = random(request);
        response.header("Content-Type", "application/octet-stream");
        for (int done = 0; done < count; done += piece) {
            var bytes = new byte[Math.min(piece, count - done)];
            random.nextBytes(bytes);
            response.body().write(bytes);
        }
    }

    private static Random random(Request request) throws HttpException {
        return request.query("seed") == null
                ? new Random()
                : new Random(Parameters.query(request, "seed", 0, Integer.MAX_VALUE));
    }

    /** The alphabet over and over, of which a part can be asked for (RFC 9110 section 14). */
    private static void range(Request request, Response response)
            throws IOException, HttpException {
        int count = Parameters.path(request, "n", MOST_BYTES);
        response.header("Accept-Ranges", "bytes").header("ETag", "\"range" + count + "\"");
        long first = 0;
        long last = count - 1L;
        String asked = request.header("Range");
        Matcher range = RANGE.matcher(asked == null ? "" : asked);
        if (range.matches() && (range.group(1) != null || range.group(2) != null)) {
            if (range.group(1) == null) {
                first = Math.max(0, count - Long.parseLong(range.group(2)));
            } else {
                first = Long.parseLong(range.group(1));
                last =
                        range.group(2) == null
                                ? last
                                : Math.min(last, Long.parseLong(range.group(2)));
            }
            if (first > last) {
                response.status(416).header("Content-Range", "bytes */" + count).send();
                return;
            }
            response.status(206)
                    .header("Content-Range", "bytes " + first + "-" + last + "/" + count);
        }
        var bytes = new byte[(int) (last - first + 1)];
        for (int i = 0; i < bytes.length; i++) {
            bytes[i] = (byte) ('a' + (first + i) % 26);
        }
        response.header("Content-Type", "application/octet-stream").send(bytes);
    }

    /** So many bytes, evenly over a time, after a delay. */
    private static void drip(Request request, Response response) throws Exception {
        int count = Parameters.query(request, "numbytes", 10, MOST_BYTES);
        int code = Parameters.query(request, "code", 200, 599);
        long millis = Parameters.millis(request.query("duration"), "duration", 2_000, 60_000);
        long delay = Parameters.millis(request.query("delay"), "delay", 0, 60_000);
        if (count == 0 || code < 200) {
            throw new HttpException(400, "expected numbytes above 0 and a code from 200 on");
        }
        Weft.sleep(Duration.ofMillis(delay));
        response.status(code)
                .header("Content-Type", "application/octet-stream")
                .header("Content-Length", Integer.toString(count));
        int pieces = Math.clamp(millis / TICK_MILLIS, 1, count);
        for (int done = 0, i = 1; i <= pieces; i++) {
            int next = (int) ((long) count * i / pieces);
            response.body().write("*".repeat(next - done).getBytes(StandardCharsets.US_ASCII));
            response.body().flush();
            done = next;
            Weft.sleep(Duration.ofNanos(millis * 1_000_000 / pieces));
        }
    }

    /** Server-sent events: one a second, for as long as somebody listens. */
    private static void events(Request request, Response response) throws Exception {
        var events = EventStream.of(response);
        for (long i = first(EventStream.lastEventId(request)); ; i++) {
            events.send("event " + i, null, Long.toString(i));
            Weft.sleep(Duration.ofSeconds(1));
        }
    }

    /** Who comes back goes on behind what it saw. */
    private static long first(@Nullable String last) {
        return last != null && last.matches("\\d{1,9}") ? Long.parseLong(last) + 1 : 1;
    }
}
