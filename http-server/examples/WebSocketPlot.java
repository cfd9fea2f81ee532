import io.weft.Weft;
import io.weft.http.Router;
import io.weft.http.server.HttpServer;
import io.weft.http.websocket.WebSocket;
import io.weft.http.wsgi.Application;
import io.weft.http.wsgi.Wsgi;
import io.weft.net.Addresses;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;

/**
 * Random numbers over a WebSocket, ten a second, and a page that plots them: open http://localhost:8000. The socket is at
 * /websocket, everything else is a WSGI application's.
 */
public class WebSocketPlot {
    private static final String PAGE = """
            <!DOCTYPE html>
            <title>Numbers</title>
            <canvas id=plot width=600 height=200 style="border: 1px solid"></canvas>
            <script>
              const numbers = [], canvas = plot.getContext('2d');
              new WebSocket('ws://' + location.host + '/websocket').onmessage = event => {
                numbers.push(Number(event.data));
                if (numbers.length > 300) numbers.shift();
                canvas.clearRect(0, 0, 600, 200);
                canvas.beginPath();
                numbers.forEach((y, x) => canvas.lineTo(2 * x, 200 - 200 * y));
                canvas.stroke();
              };
            </script>
            """;

    public static void main(String[] args) throws Exception {
        Application pages = (environ, startResponse) -> {
            startResponse.start("200 OK", List.of(Map.entry("Content-Type", "text/html")));
            return List.of(PAGE.getBytes(StandardCharsets.UTF_8));
        };
        var routes = new Router()
                .get("/websocket", (request, response) -> WebSocket.accept(request, response, socket -> {
                    while (true) {
                        socket.send(Double.toString(ThreadLocalRandom.current().nextDouble()));
                        Weft.sleep(Duration.ofMillis(100));
                    }
                }))
                .otherwise(Wsgi.handler(pages));
        String address = args.length > 0 ? args[0] : "127.0.0.1:8000";
        try (var server = HttpServer.bind(address, routes)) {
            System.out.println("listening on " + Addresses.format(server.address()));
            server.serveForever();
        }
    }
}
