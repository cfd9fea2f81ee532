import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
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

    static int check(List<String> started) {
        String word = started.isEmpty() ? "" : started.get(0);
        try {
            return switch (word) {
                case "echo" -> echo(port(started, 8888, "--port"), isSecure(started));
                case "http" -> http(port(started, 8000, "-b", "--bind"), isSecure(started));
                default -> HEALTHY; // it serves nothing
            };
        } catch (IOException e) {
            System.err.println("weft health: " + e.getMessage());
            return UNHEALTHY;
        }
    }

    private static int echo(int port, boolean secure) throws IOException {
        try (Socket socket = connect(port)) {
            byte[] sent = "health".getBytes(StandardCharsets.US_ASCII);
            if (secure) {
                return HEALTHY;
            }
            socket.getOutputStream().write(sent);
            byte[] back = socket.getInputStream().readNBytes(sent.length);
            return java.util.Arrays.equals(sent, back) ? HEALTHY : UNHEALTHY;
        }
    }

    private static int http(int port, boolean secure) throws IOException {
        try (Socket socket = connect(port)) {
            if (secure) {
                return HEALTHY;
            }
            String request = "GET " + path() + " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n";
            socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
            String status =
                    new String(
                            socket.getInputStream().readNBytes("HTTP/1.1 2".length()),
                            StandardCharsets.US_ASCII);
            return status.matches("HTTP/1\\.1 [234]") ? HEALTHY : UNHEALTHY;
        }
    }

    private static Socket connect(int port) throws IOException {
        Socket socket = new Socket();
        socket.setSoTimeout(TIMEOUT_MILLIS);
        socket.connect(new InetSocketAddress("127.0.0.1", port), TIMEOUT_MILLIS);
        return socket;
    }

    private static String path() {
        String place = System.getenv("WEFT_HEALTH");
        return place == null || place.indexOf('/') < 0 ? "/" : place.substring(place.indexOf('/'));
    }

    /** The port that WEFT_HEALTH names, else the first that one of these options names. */
    private static int port(List<String> started, int otherwise, String... options) {
        String place = System.getenv("WEFT_HEALTH");
        if (place != null && !place.startsWith("/")) {
            return number(place.split("/", 2)[0], otherwise);
        }
        for (int i = 1; i < started.size(); i++) {
            for (String option : options) {
                String word = started.get(i);
                if (word.equals(option) && i + 1 < started.size()) {
                    return number(started.get(i + 1), otherwise);
                } else if (word.startsWith(option + "=")) {
                    return number(word.substring(option.length() + 1), otherwise);
                }
            }
        }
        return otherwise;
    }

    /** Of {@code 8000}, {@code :8000}, {@code 0.0.0.0:8000} and {@code [::]:8000}. */
    private static int number(String place, int otherwise) {
        String digits = place.substring(place.lastIndexOf(':') + 1);
        return digits.matches("\\d{1,5}") ? Integer.parseInt(digits) : otherwise;
    }

    private static boolean isSecure(List<String> started) {
        return started.stream().anyMatch(word -> word.startsWith("--cert"));
    }
}
