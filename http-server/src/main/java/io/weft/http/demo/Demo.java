package io.weft.http.demo;

import io.weft.http.Handler;
import io.weft.http.Router;
import io.weft.http.websocket.Message;
import io.weft.http.websocket.WebSocket;
import io.weft.http.websocket.WebSocketConnection;
import io.weft.http.websocket.WebSocketSettings;

/** All of the demo's routes. */
public final class Demo {
    /** Autobahn's largest have 16 MiB. */
    private static final WebSocketSettings LARGE_MESSAGES =
            WebSocketSettings.DEFAULT.messageSize(32 * 1024 * 1024);

    private Demo() {}

    /** A handler that answers them. */
    public static Handler handler() {
        var routes = new Router();
        Requests.addTo(routes);
        Answers.addTo(routes);
        Streams.addTo(routes);
        Redirects.addTo(routes);
        Cookies.addTo(routes);
        Access.addTo(routes);
        Caching.addTo(routes);
        Messages.addTo(routes);
        routes.get(
                "/websocket/echo",
                (request, response) ->
                        WebSocket.accept(request, response, LARGE_MESSAGES, Demo::echo));
        routes.get("/plaintext", (request, response) -> response.send("Hello, World!"));
        routes.get("/", new Index(routes));
        return routes;
    }

    private static void echo(WebSocketConnection socket) throws Exception {
        for (Message message; (message = socket.receive()) != null; ) {
            socket.send(message);
        }
    }
}
