package io.weft.http;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.regex.Pattern;

/**
 * Server-sent events (WHATWG HTML, section 9.2), each on its way when the call returns:
 *
 * <pre>{@code
 * var events = EventStream.of(response);
 * while (true) {
 *     events.send(queue.get());
 * }
 * }</pre>
 *
 * <p>The handler is interrupted when the client goes away, and when the server begins to stop: then
 * the stream comes to a proper end, after which a client connects again, to whoever serves by then.
 * For the handler's coroutine; a call blocks while the client does not keep up.
 */
public final class EventStream {
    private static final Pattern LINE_END = Pattern.compile("\\r\\n|\\n|\\r");

    private final OutputStream out;

    private EventStream(OutputStream out) {
        this.out = out;
    }

    /**
     * Begins the response. It says {@code Cache-Control: no-store}, unless the handler has said
     * otherwise, and {@code X-Accel-Buffering: no}, so that an nginx before it passes events on.
     *
     * @throws HeadAnswered if that was all the client has asked for, by HEAD; to be let through
     */
    public static EventStream of(Response response) throws IOException {
        response.header("Content-Type", "text/event-stream").header("X-Accel-Buffering", "no");
        if (!response.headers().contains("Cache-Control")) {
            response.header("Cache-Control", "no-store");
        }
        if (response.isToHead()) {
            response.body().close();
            throw new HeadAnswered();
        }
        response.endWithClient();
        var events = new EventStream(response.body());
        events.out.flush();
        response.endWithServer(); // with its head out, the stream is there and can have an end
        return events;
    }

    /** The id of the last event that a client saw which connects again; null if it is a new one. */
    public static @Nullable String lastEventId(Request request) {
        String id = request.header("Last-Event-ID");
        return id == null
                ? null
                : new String(id.getBytes(StandardCharsets.ISO_8859_1), StandardCharsets.UTF_8);
    }

    /** Sends an event, of which the client sees the lines of {@code data}. */
    public void send(String data) throws IOException {
        send(data, null, null);
    }

    /**
     * Sends an event.
     *
     * @param name which listeners it is for; null for those of {@code message}
     * @param id what {@link #lastEventId} is to be afterwards; null to leave it, empty for none
     * @throws IllegalArgumentException if the name or the id has a line break, or the id a NUL:
     *     data could be made up with them
     */
    public void send(String data, @Nullable String name, @Nullable String id) throws IOException {
        var event = new StringBuilder(data.length() + 32);
        if (name != null) {
            field(event, "event", name);
        }
        if (id != null) {
            field(event, "id", id);
        }
        lines(event, "data: ", data);
        push(event);
    }

    /** How long the client is to wait before it connects again. */
    public void retry(Duration wait) throws IOException {
        push(new StringBuilder("retry: ").append(wait.toMillis()).append('\n'));
    }

    /**
     * Sends what the client passes over: it keeps the connection alive through proxies (the
     * specification proposes one every 15 s), and shows whether it is.
     */
    public void comment(String text) throws IOException {
        var comment = new StringBuilder();
        lines(comment, ": ", text);
        push(comment);
    }

    private static void field(StringBuilder event, String field, String value) {
        if (value.indexOf('\n') >= 0 || value.indexOf('\r') >= 0 || value.indexOf('\0') >= 0) {
            throw new IllegalArgumentException(
                    "expected an " + field + " without line breaks and NUL, but got one with them");
        }
        event.append(field).append(": ").append(value).append('\n');
    }

    private static void lines(StringBuilder event, String start, String text) {
        for (String line : List.of(LINE_END.split(text, -1))) {
            event.append(start).append(line).append('\n');
        }
    }

    private void push(StringBuilder event) throws IOException {
        out.write(event.append('\n').toString().getBytes(StandardCharsets.UTF_8));
        out.flush();
    }
}
