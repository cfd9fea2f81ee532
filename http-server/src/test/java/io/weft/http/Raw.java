package io.weft.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.weft.http.server.HttpServer;
import io.weft.http.server.HttpServerBuilder;
import io.weft.http.testing.Answer;
import io.weft.http.testing.Site;

import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;

/**
 * A {@link Site} on one loop, and one client after another that sends bytes and looks at bytes.
 * Used by the test's own thread.
 */
public final class Raw implements AutoCloseable {
    public static final Duration PATIENCE = Site.PATIENCE;

    public final HttpServer server;
    private final Site site;
    private final List<Socket> sockets = new ArrayList<>();
    private Socket socket;
    private InputStream in;

    /** Serves {@code handler}, and is connected. */
    public Raw(Handler handler) throws IOException {
        this(handler, builder -> builder);
    }

    /** As before, with more to be said of the server. */
    public Raw(Handler handler, UnaryOperator<HttpServerBuilder> more) throws IOException {
        site = new Site(1, handler, more);
        server = site.server;
        connect();
    }

    /** Goes on with a new connection. */
    public Raw connect() throws IOException {
        socket = site.connect();
        sockets.add(socket);
        in = socket.getInputStream();
        return this;
    }

    public Socket socket() {
        return socket;
    }

    public Raw send(String bytes) throws IOException {
        Site.send(socket, bytes);
        return this;
    }

    /** The next response, with a body as its head says; one to HEAD is asked for by that name. */
    public Answer answer() throws IOException {
        return answer("GET");
    }

    public Answer answer(String method) throws IOException {
        return Answer.read(in, method.equals("HEAD"));
    }

    /** Asks for nothing more than {@code target}, and returns the answer. */
    public Answer get(String target) throws IOException {
        return sendGet(target).answer();
    }

    /** As {@link #get}, but without waiting. */
    public Raw sendGet(String target) throws IOException {
        return send("GET " + target + " HTTP/1.1\r\nHost: test\r\n\r\n");
    }

    public String read(int bytes) throws IOException {
        byte[] read = in.readNBytes(bytes);
        return new String(read, StandardCharsets.ISO_8859_1);
    }

    /** All that comes before the server closes. */
    public String rest() throws IOException {
        return Site.readToTheEnd(socket);
    }

    /** Closes by RST: what is on its way is lost. */
    public void reset() throws IOException {
        Site.reset(socket);
    }

    /** Whether the server closes, with nothing more to say. */
    public void assertClosed() throws IOException {
        assertThat(rest()).isEmpty();
    }

    @Override
    public void close() throws IOException {
        for (Socket each : sockets) {
            each.close();
        }
        site.close();
    }
}
