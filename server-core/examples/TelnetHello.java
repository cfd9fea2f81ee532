import io.weft.Weft;
import io.weft.net.Addresses;
import io.weft.server.StreamServer;
import java.time.Duration;

/** Greets, counts to four and hangs up. Try it with: nc 127.0.0.1 5000 */
public class TelnetHello {
    public static void main(String[] args) throws Exception {
        String address = args.length > 0 ? args[0] : "127.0.0.1:5000";
        try (var server =
                StreamServer.bind(
                        address,
                        connection -> {
                            connection.write("Hello from a telnet!\n");
                            for (int i = 0; i < 5; i++) {
                                connection.write(i + "\n");
                                Weft.sleep(Duration.ofMillis(100)); // the line goes out meanwhile
                            }
                        })) {
            System.out.println("listening on " + Addresses.format(server.address()));
            server.serveForever();
        }
    }
}
