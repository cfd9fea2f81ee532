package io.weft.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.weft.LoopGroup;
import io.weft.http.server.HttpServer;
import io.weft.http.server.HttpServerBuilder;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;

/**
 * A server on one loop, and a client that sends bytes and looks at bytes. Used by the test's own
 * thread.
 */
public final class Raw implements AutoCloseable {
    public static final Duration PATIENCE = Duration.ofSeconds(30);

    private final LoopGroup group = LoopGroup.create(1);
    public final HttpServer server;
    private final List<Socket> sockets = new ArrayList<>();
    private Socket socket;
    private InputStream in;

    /** Serves {@code handler}, and is connected. */
    public Raw(Handler handler) throws IOException {
        this(handler, builder -> builder);
    }

    /** As before, with more to be said of the server. */
    public Raw(Handler handler, UnaryOperator<HttpServerBuilder> more) throws IOException {
        server = more.apply(HttpServer.builder(handler).listen("127.0.0.1:0").group(group)).bind();
        connect();
    }

    /** Goes on with a new connection. */
    public Raw connect() throws IOException {
        socket = new Socket("127.0.0.1", ((InetSocketAddress) server.address()).getPort());
        socket.setSoTimeout((int) PATIENCE.toMillis());
        socket.setTcpNoDelay(true);
        sockets.add(socket);
        in = socket.getInputStream();
        return this;
    }

    public Socket socket() {
        return socket;
    }

    public Raw send(String bytes) throws IOException {
        socket.getOutputStream().write(bytes.getBytes(StandardCharsets.ISO_8859_1));
        return this;
    }

    /** The next response, with a body as its head says; one to HEAD is asked for by that name. */
    public Answer answer() throws IOException {
        return answer("GET");
    }

    public Answer answer(String method) throws IOException {
        String head = until("\r\n\r\n");
        var answer = new Answer(head);
        int status = answer.status();
        if (method.equals("HEAD") || status == 204 || status == 304 || status == 100) {
            return answer;
        }
        if (answer.header("transfer-encoding") != null) {
            readChunks(answer);
        } else if (answer.header("content-length") != null) {
            answer.chunks.add(read(Integer.parseInt(answer.header("content-length"))));
        } else {
            answer.chunks.add(rest());
        }
        return answer;
    }

    private void readChunks(Answer answer) throws IOException {
        int size = chunkSize();
        while (size > 0) {
            answer.chunks.add(read(size));
            assertThat(read(2)).isEqualTo("\r\n");
            size = chunkSize();
        }
        String line = until("\r\n");
        while (!line.equals("\r\n")) {
            answer.trailers.add(line.strip());
            line = until("\r\n");
        }
    }

    private int chunkSize() throws IOException {
        return Integer.parseInt(until("\r\n").strip(), 16);
    }

    /** Asks for nothing more than {@code target}, and returns the answer. */
    public Answer get(String target) throws IOException {
        return send("GET " + target + " HTTP/1.1\r\nHost: test\r\n\r\n").answer();
    }

    public String read(int bytes) throws IOException {
        byte[] read = in.readNBytes(bytes);
        return new String(read, StandardCharsets.ISO_8859_1);
    }

    private String until(String end) throws IOException {
        var text = new StringBuilder();
        while (text.indexOf(end, Math.max(0, text.length() - end.length())) < 0) {
            int next = in.read();
            if (next < 0) {
                throw new IOException("the server closed the connection after '" + text + "'");
            }
            text.append((char) next);
        }
        return text.toString();
    }

    /** All that comes before the server closes. */
    public String rest() throws IOException {
        return new String(in.readAllBytes(), StandardCharsets.ISO_8859_1);
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
        server.close();
        group.close();
    }

    /** A response as it came. */
    public static final class Answer {
        public final String head;
        public final List<String> chunks = new ArrayList<>();
        public final List<String> trailers = new ArrayList<>();

        Answer(String head) {
            this.head = head;
        }

        public int status() {
            return Integer.parseInt(head.substring(9, 12));
        }

        public String body() {
            return String.join("", chunks);
        }

        /** The first value of a header; null if there is none. */
        public String header(String name) {
            return head.lines()
                    .filter(line -> line.regionMatches(true, 0, name + ":", 0, name.length() + 1))
                    .map(line -> line.substring(name.length() + 1).strip())
                    .findFirst()
                    .orElse(null);
        }
    }
}
