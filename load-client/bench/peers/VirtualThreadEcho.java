import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;

/**
 * The JDK's own way to write straight-line servers: a virtual thread per connection, blocking
 * streams.
 */
public final class VirtualThreadEcho {
    private static void serve(Socket connection) {
        try (connection) {
            connection.setTcpNoDelay(true);
            var in = connection.getInputStream();
            var out = connection.getOutputStream();
            var buffer = new byte[1024];
            for (int n; (n = in.read(buffer)) >= 0; ) {
                out.write(buffer, 0, n);
            }
        } catch (IOException reset) {
            // a client that resets its connections is part of the plan
        }
    }

    public static void main(String[] arguments) throws Exception {
        try (var server = new ServerSocket(0, 1024, InetAddress.getByName("127.0.0.1"))) {
            System.out.println("listening on 127.0.0.1:" + server.getLocalPort());
            // accepting on a virtual thread too: a platform thread would compete with the carrier
            // for the core
            Thread.startVirtualThread(() -> accept(server)).join();
        }
    }

    private static void accept(ServerSocket server) {
        try {
            while (true) {
                var connection = server.accept();
                Thread.startVirtualThread(() -> serve(connection));
            }
        } catch (IOException broken) {
            throw new java.io.UncheckedIOException(broken);
        }
    }

    private VirtualThreadEcho() {}
}
