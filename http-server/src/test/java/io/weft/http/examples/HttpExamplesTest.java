package io.weft.http.examples;

import static org.assertj.core.api.Assertions.assertThat;

import io.weft.examples.Example;

import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.WebSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** The examples compile without a warning, and do what their heads say. */
class HttpExamplesTest {
    private static final String ANY_PORT = "127.0.0.1:0";

    @TempDir private Path classes;

    /** One example that runs, and a client of its. */
    private final class Running implements AutoCloseable {
        private final Example example;
        private final HttpClient client = HttpClient.newHttpClient();
        private final String address;

        Running(String name, String... arguments) throws Exception {
            var all = new String[arguments.length + 1];
            all[0] = ANY_PORT;
            System.arraycopy(arguments, 0, all, 1, arguments.length);
            example = Example.run(classes, name, all);
            address = "127.0.0.1:" + example.port();
        }

        private HttpRequest.Builder to(String path) {
            return HttpRequest.newBuilder(URI.create("http://" + address + path));
        }

        HttpResponse<String> get(String path) throws Exception {
            return client.send(to(path).build(), BodyHandlers.ofString());
        }

        HttpResponse<String> post(String path, String body) throws Exception {
            return client.send(
                    to(path).POST(BodyPublishers.ofString(body)).build(), BodyHandlers.ofString());
        }

        @Override
        public void close() {
            client.shutdownNow();
            example.close();
        }
    }

    @Test
    void helloWorld() throws Exception {
        try (var running = new Running("HelloWorld")) {
            assertThat(running.get("/").body()).isEqualTo("Hello, World!\n");
            assertThat(running.get("/users/ann").body()).isEqualTo("Hello, ann!\n");
            assertThat(running.get("/none").statusCode()).isEqualTo(404);
        }
    }

    @Test
    void wsgiHello() throws Exception {
        try (var running = new Running("WsgiHello")) {
            assertThat(running.get("/").body()).isEqualTo("Hello 127.0.0.1\n");
            assertThat(running.get("/none").statusCode()).isEqualTo(404);
            assertThat(running.get("/none").body()).isEqualTo("there is nothing at /none\n");
        }
    }

    @Test
    void streaming() throws Exception {
        try (var running = new Running("Streaming", "10")) {
            assertThat(running.get("/").body()).isEqualTo("<p>Hello\n<p>World\n");
        }
    }

    @Test
    void longPolling() throws Exception {
        try (var running = new Running("LongPolling")) {
            var waiting =
                    running.client.sendAsync(
                            running.to("/poll/ann").build(), BodyHandlers.ofString());
            assertThat(running.post("/send/bob", "hi bob").statusCode()).isEqualTo(202);
            assertThat(running.get("/poll/bob").body()).isEqualTo("hi bob\n");
            assertThat(waiting).isNotDone();
            assertThat(running.post("/send/ann", "hi ann").body()).isEqualTo("left\n");
            assertThat(waiting.get(30, TimeUnit.SECONDS).body()).isEqualTo("hi ann\n");
        }
        try (var running = new Running("LongPolling", "10")) {
            assertThat(running.get("/poll/ann").statusCode()).isEqualTo(204);
        }
    }

    @Test
    void webSocketPlot() throws Exception {
        try (var running = new Running("WebSocketPlot")) {
            assertThat(running.get("/").body()).contains("<canvas", "/websocket");
            BlockingQueue<String> numbers = new LinkedBlockingQueue<>();
            var listener =
                    new WebSocket.Listener() {
                        @Override
                        public CompletionStage<?> onText(
                                WebSocket socket, CharSequence text, boolean last) {
                            numbers.add(text.toString());
                            socket.request(1);
                            return null;
                        }
                    };
            var socket =
                    running.client
                            .newWebSocketBuilder()
                            .buildAsync(
                                    URI.create("ws://" + running.address + "/websocket"), listener)
                            .get(30, TimeUnit.SECONDS);
            for (int i = 0; i < 3; i++) {
                assertThat(Double.parseDouble(numbers.poll(30, TimeUnit.SECONDS)))
                        .isBetween(0., 1.);
            }
            socket.abort();
        }
    }

    @Test
    void events() throws Exception {
        try (var running = new Running("Events")) {
            var stream =
                    running.client.send(
                            running.to("/events").build(), BodyHandlers.ofInputStream());
            try (var lines =
                    new BufferedReader(
                            new InputStreamReader(stream.body(), StandardCharsets.UTF_8))) {
                assertThat(running.post("/news", "first\nsecond").body()).isEqualTo("told 1\n");
                assertThat(lines.readLine()).isEqualTo("data: first");
                assertThat(lines.readLine()).isEqualTo("data: second");
            }
            Awaitility.await("the listener's end")
                    .until(() -> running.post("/news", "x").body().equals("told 0\n"));
        }
    }

    @Test
    void upload() throws Exception {
        String form =
                """
                --b
                Content-Disposition: form-data; name="note"

                hi
                --b
                Content-Disposition: form-data; name="file"; filename="empty.bin"


                --b--
                """
                        .replace("\n", "\r\n");
        try (var running = new Running("Upload")) {
            var request =
                    running.to("/")
                            .header("Content-Type", "multipart/form-data; boundary=b")
                            .POST(BodyPublishers.ofString(form));
            assertThat(running.client.send(request.build(), BodyHandlers.ofString()).body())
                    .isEqualTo(
                            "note: hi\n"
                                + "file: empty.bin, 0 bytes, SHA-256"
                                + " e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855\n");
        }
    }
}
