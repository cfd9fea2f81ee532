import io.weft.Nursery;
import io.weft.net.Addresses;
import io.weft.net.Connection;
import io.weft.server.StreamServer;
import java.io.IOException;
import java.time.Duration;

/**
 * Passes connections on: java ... PortForwarder.java 127.0.0.1:8080 example.org:80
 *
 * <p>A direction that fails ends the other.
 */
public class PortForwarder {
    public static void main(String[] args) throws Exception {
        String from = args.length > 0 ? args[0] : "127.0.0.1:8080";
        String to = args.length > 1 ? args[1] : "127.0.0.1:8888";
        try (var server = StreamServer.bind(from, near -> forward(near, to))) {
            System.out.println("listening on " + Addresses.format(server.address()));
            server.serveForever();
        }
    }

    private static void forward(Connection near, String to) throws Exception {
        try (var far = Connection.connect(to, Duration.ofSeconds(5));
                var directions = Nursery.open()) {
            directions.spawn(() -> pump(near, far));
            directions.spawn(() -> pump(far, near));
            directions.join();
        }
    }

    /** One direction: copies, and passes the end of the stream on. */
    private static void pump(Connection source, Connection target) throws IOException {
        source.transferTo(target);
        target.shutdownOutput();
    }
}
