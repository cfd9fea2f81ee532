import io.weft.http.server.HttpServer;
import io.weft.http.wsgi.Application;
import io.weft.http.wsgi.Wsgi;
import io.weft.net.Addresses;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;

/**
 * A WSGI application with its request in a coroutine local: however many requests are under way, each coroutine sees its
 * own. {@code curl localhost:8000}
 */
public class WsgiHello {
    private static final ThreadLocal<Map<String, Object>> REQUEST = new ThreadLocal<>();

    public static void main(String[] args) throws Exception {
        Application application = (environ, startResponse) -> {
            REQUEST.set(environ);
            if (!environ.get("PATH_INFO").equals("/")) {
                startResponse.start("404 Nothing Here", List.of(Map.entry("Content-Type", "text/plain")));
                return List.of(bytes("there is nothing at " + environ.get("PATH_INFO") + "\n"));
            }
            startResponse.start("200 OK", List.of(Map.entry("Content-Type", "text/plain")));
            return List.of(bytes(greeting()));
        };
        String address = args.length > 0 ? args[0] : "127.0.0.1:8000";
        try (var server = HttpServer.bind(address, Wsgi.handler(application))) {
            System.out.println("listening on " + Addresses.format(server.address()));
            server.serveForever();
        }
    }

    /** Far from the request's handler, and without being handed it. */
    private static String greeting() {
        return "Hello " + REQUEST.get().get("REMOTE_ADDR") + "\n";
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
