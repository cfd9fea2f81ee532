package io.weft.http.websocket;

import io.weft.http.Router;
import io.weft.http.server.HttpServer;

/** Sends every message back, for a test suite of somebody else's to be run against. */
public final class EchoServer {
    /** Autobahn's largest messages have 16 MiB. */
    private static final WebSocketSettings LARGE =
            WebSocketSettings.DEFAULT.messageSize(32 * 1024 * 1024).compression(true).origins("*");

    private EchoServer() {}

    static void echo(WebSocketConnection socket) throws Exception {
        for (Message message; (message = socket.receive()) != null; ) {
            socket.send(message);
        }
    }

    /** The first argument is the address; the path is {@code /websocket/echo}. */
    public static void main(String[] arguments) throws Exception {
        String address = arguments.length > 0 ? arguments[0] : "127.0.0.1:8010";
        var routes =
                new Router()
                        .get(
                                "/websocket/echo",
                                (request, response) ->
                                        WebSocket.accept(
                                                request, response, LARGE, EchoServer::echo));
        try (var server = HttpServer.bind(address, routes)) {
            System.out.println("listening on ws://" + address + "/websocket/echo");
            server.serveForever();
        }
    }
}
