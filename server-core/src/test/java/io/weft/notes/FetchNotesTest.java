package io.weft.notes;

import static io.weft.Weft.spawn;

import static org.assertj.core.api.Assertions.assertThat;

import io.weft.Coroutine;
import io.weft.Coroutines;
import io.weft.Weft;
import io.weft.net.Connection;
import io.weft.server.StreamServer;

import org.junit.jupiter.api.Test;

import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;

/** The section on pages that are fetched at the same time by a blocking client. */
class FetchNotesTest {
    private static final List<String> AS_ASKED = List.of("/slow", "/fast", "/middling");
    private static final List<String> AS_ANSWERED = List.of("/fast", "/middling", "/slow");

    private final Transcript out = new Transcript();
    private final Map<String, CountDownLatch> printed =
            Map.of(
                    "/fast", new CountDownLatch(1),
                    "/middling", new CountDownLatch(1),
                    "/slow", new CountDownLatch(1));

    /**
     * A page is slow because it comes only when the one before it has been printed. The slowest is
     * asked for first: were the loop held by that, none would ever come.
     */
    @Test
    void theFastestAnswersFirstAndEachPrintsItsSize() throws Exception {
        try (var server = StreamServer.builder(this::page).listen("127.0.0.1:0").bind();
                var client = HttpClient.newHttpClient()) {
            int port = ((InetSocketAddress) server.address()).getPort();
            Weft.run(
                    () -> {
                        var fetches = new ArrayList<Coroutine<Void>>();
                        for (String path : AS_ASKED) {
                            fetches.add(spawn(() -> fetch(client, port, path)));
                        }
                        Coroutines.getAll(fetches);
                    });
        }
        assertThat(out.lines())
                .containsExactly(
                        "5 bytes from /fast", "9 bytes from /middling", "5 bytes from /slow");
    }

    private void fetch(HttpClient client, int port, String path) throws Exception {
        var request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path)).build();
        byte[] page = client.send(request, HttpResponse.BodyHandlers.ofByteArray()).body();
        out.print(page.length + " bytes from " + path);
        printed.get(path).countDown();
    }

    private void page(Connection connection) throws Exception {
        String request = connection.readLine(8192);
        String path = request.substring(request.indexOf('/'), request.indexOf(" HTTP"));
        for (String line; (line = connection.readLine(8192)) != null && !line.isEmpty(); ) {}
        int turn = AS_ANSWERED.indexOf(path);
        if (turn > 0) {
            printed.get(AS_ANSWERED.get(turn - 1)).await();
        }
        connection.write(
                "HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: "
                        + path.length()
                        + "\r\n\r\n"
                        + path);
    }
}
