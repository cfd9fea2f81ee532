import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.net.SocketAddress;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;

/**
 * Asks the server of this container whether it answers: the echo server has to send back what it is
 * sent, the HTTP server to answer with less than 500. {@code WEFT_HEALTH} names another place:
 * {@code PORT} or {@code PORT/path}. A server with TLS or on a Unix socket only has to accept.
 */
final class Health {
    private static final int TIMEOUT_MILLIS = 3_000;
    private static final int HEALTHY = 0;
    private static final int UNHEALTHY = 1;

    private Health() {}

    static int check(List<String> words) {
        var started = Started.of(words);
        try {
            return switch (started.command()) {
                case "echo" -> check(started, started.echo(), Health::echo);
                case "http" -> check(started, started.http(), Health::http);
                default -> HEALTHY; // it serves nothing
            };
        } catch (IOException e) {
            System.err.println("weft health: " + e.getMessage());
            return UNHEALTHY;
        }
    }

    private interface Question {
        boolean isAnswered(InputStream in, OutputStream out) throws IOException;
    }

    private static int check(Started started, SocketAddress place, Question question)
            throws IOException {
        if (place instanceof UnixDomainSocketAddress) {
            SocketChannel.open(place).close();
            return HEALTHY;
        }
        try (Socket socket = new Socket()) {
            socket.setSoTimeout(TIMEOUT_MILLIS);
            socket.connect(place, TIMEOUT_MILLIS);
            boolean well =
                    started.isSecure()
                            || question.isAnswered(
                                    socket.getInputStream(), socket.getOutputStream());
            return well ? HEALTHY : UNHEALTHY;
        }
    }

    private static boolean echo(InputStream in, OutputStream out) throws IOException {
        byte[] sent = "health".getBytes(StandardCharsets.US_ASCII);
        out.write(sent);
        return Arrays.equals(sent, in.readNBytes(sent.length));
    }

    private static boolean http(InputStream in, OutputStream out) throws IOException {
        String request =
                "GET " + Started.path() + " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n";
        out.write(request.getBytes(StandardCharsets.US_ASCII));
        String status =
                new String(in.readNBytes("HTTP/1.1 2".length()), StandardCharsets.US_ASCII);
        return status.matches("HTTP/1\\.1 [234]");
    }
}
