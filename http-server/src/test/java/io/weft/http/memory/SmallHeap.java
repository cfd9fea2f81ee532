package io.weft.http.memory;

import io.weft.http.Request;
import io.weft.http.Response;
import io.weft.http.Router;
import io.weft.http.server.HttpServer;
import io.weft.http.websocket.Message;
import io.weft.http.websocket.WebSocket;
import io.weft.sync.Event;

import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;

/** A server with the default limits, to be run with little memory: prints its port, then serves. */
final class SmallHeap {
    private static final int FORM_BYTES = 64 * 1024;
    private static final byte[] PIECE =
            "0123456789abcdef".repeat(4096).getBytes(StandardCharsets.US_ASCII);
    private static final Event NEVER = new Event();

    private SmallHeap() {}

    public static void main(String[] arguments) throws Exception {
        var routes =
                new Router()
                        .get("/", (request, response) -> response.send("served"))
                        .any("/unread", SmallHeap::waitForever)
                        .post("/form", (request, response) -> request.form(FORM_BYTES))
                        .post("/upload", SmallHeap::upload)
                        .get("/stream", SmallHeap::stream)
                        .get(
                                "/socket",
                                (request, response) ->
                                        WebSocket.accept(request, response, SmallHeap::echo));
        try (var server = HttpServer.bind("127.0.0.1:0", routes)) {
            System.out.println(((InetSocketAddress) server.address()).getPort());
            server.serveForever();
        }
    }

    /** Reads nothing of the body, and never answers. */
    private static void waitForever(Request request, Response response) throws Exception {
        response.endWithClient();
        NEVER.await();
    }

    private static void upload(Request request, Response response) throws Exception {
        var form = request.multipart();
        for (var part = form.next(); part != null; part = form.next()) {
            if (part.fileName() == null) {
                part.text();
            }
        }
    }

    private static void stream(Request request, Response response) throws Exception {
        for (int i = 0; i < 1_000; i++) {
            response.body().write(PIECE);
        }
    }

    private static void echo(io.weft.http.websocket.WebSocketConnection socket) throws Exception {
        for (Message message; (message = socket.receive()) != null; ) {
            socket.send(message);
        }
    }
}
