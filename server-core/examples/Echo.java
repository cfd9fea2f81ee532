import io.weft.net.Addresses;
import io.weft.server.StreamServer;

/** The echo server. Try it with: nc localhost 8888 */
public class Echo {
    public static void main(String[] args) throws Exception {
        String address = args.length > 0 ? args[0] : "127.0.0.1:8888";
        try (var server =
                StreamServer.bind(
                        address,
                        connection -> {
                            for (byte[] data; (data = connection.read(1024)) != null; ) {
                                connection.write(data);
                            }
                        })) {
            System.out.println("listening on " + Addresses.format(server.address()));
            server.serveForever();
        }
    }
}
