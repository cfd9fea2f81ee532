import io.weft.net.Addresses;
import io.weft.server.DatagramServer;

/** Answers every datagram. Try it with: echo hello | nc -u -w1 127.0.0.1 9000 */
public class UdpEcho {
    public static void main(String[] args) throws Exception {
        String address = args.length > 0 ? args[0] : "127.0.0.1:9000";
        try (var server =
                DatagramServer.bind(
                        address,
                        datagram -> {
                            System.out.println(
                                    Addresses.format(datagram.sender())
                                            + ": got "
                                            + datagram.text().strip());
                            datagram.reply("Received " + datagram.length() + " bytes\n");
                        })) {
            System.out.println("listening on " + Addresses.format(server.address()));
            server.serveForever();
        }
    }
}
