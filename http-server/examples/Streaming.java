import io.weft.Weft;
import io.weft.http.server.HttpServer;
import io.weft.net.Addresses;
import java.nio.charset.StandardCharsets;
import java.time.Duration;

/** Sends a page bit by bit, each as soon as it is there: {@code curl -N localhost:8000}. */
public class Streaming {
    public static void main(String[] args) throws Exception {
        String address = args.length > 0 ? args[0] : "127.0.0.1:8000";
        var pause = Duration.ofMillis(args.length > 1 ? Long.parseLong(args[1]) : 1000);
        try (var server = HttpServer.bind(address, (request, response) -> {
            response.header("Content-Type", "text/html; charset=utf-8");
            var page = response.body();
            page.write("<p>Hello\n".getBytes(StandardCharsets.UTF_8));
            page.flush();
            Weft.sleep(pause);
            page.write("<p>World\n".getBytes(StandardCharsets.UTF_8));
        })) {
            System.out.println("listening on " + Addresses.format(server.address()));
            server.serveForever();
        }
    }
}
