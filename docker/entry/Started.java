import java.io.IOException;
import java.io.Reader;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.UnixDomainSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;

/**
 * What a container was started with, from its command word on: where its server listens. Immutable.
 *
 * @param words with those of a configuration file behind, as the command line goes before it
 */
record Started(List<String> words) {
    private static final String PLACE = System.getenv("WEFT_HEALTH");

    static Started of(List<String> words) {
        var all = new ArrayList<>(words);
        String config = new Started(words).value("--config");
        if (config != null) {
            var properties = new Properties();
            try (Reader reader = Files.newBufferedReader(Path.of(config))) {
                properties.load(reader);
            } catch (IOException | IllegalArgumentException e) {
                // the server itself complains of it
            }
            properties.forEach((name, value) -> all.add("--" + name + "=" + value));
        }
        return new Started(List.copyOf(all));
    }

    String command() {
        return words.isEmpty() ? "" : words.get(0);
    }

    /** Whether it speaks TLS. */
    boolean isSecure() {
        return words.stream().anyMatch(word -> word.startsWith("--cert"));
    }

    SocketAddress echo() {
        String host = value("--host");
        String port = value("--port");
        return place((host == null ? "" : host) + ":" + (port == null ? "8888" : port), 8888);
    }

    /** The first of what it is bound to. */
    SocketAddress http() {
        String bound = value("--bind", "-b");
        return place(bound == null ? ":8000" : bound.split(",", 2)[0].strip(), 8000);
    }

    /** The path that WEFT_HEALTH names. */
    static String path() {
        return PLACE == null || PLACE.indexOf('/') < 0 ? "/" : PLACE.substring(PLACE.indexOf('/'));
    }

    /** Of {@code :8000}, {@code 0.0.0.0:8000}, {@code [::]:8000}, {@code unix:/run/weft.sock}. */
    private static SocketAddress place(String bound, int otherwise) {
        if (PLACE != null && !PLACE.startsWith("/")) {
            return new InetSocketAddress("127.0.0.1", port(PLACE.split("/", 2)[0], otherwise));
        }
        if (bound.startsWith("unix:")) {
            return UnixDomainSocketAddress.of(bound.substring("unix:".length()));
        }
        String host = bound.substring(0, Math.max(0, bound.lastIndexOf(':')));
        boolean any = host.isEmpty() || host.equals("0.0.0.0") || host.equals("fd");
        return new InetSocketAddress(
                any ? "127.0.0.1" : host.equals("[::]") || host.equals("::") ? "::1" : host,
                port(bound, otherwise));
    }

    private static int port(String place, int otherwise) {
        String digits = place.substring(place.lastIndexOf(':') + 1);
        return digits.matches("\\d{1,5}") ? Integer.parseInt(digits) : otherwise;
    }

    /** What the first of these options was given, in whatever way that is written; or null. */
    private String value(String... options) {
        for (int i = 1; i < words.size(); i++) {
            String word = words.get(i);
            for (String option : options) {
                if (word.equals(option)) {
                    return i + 1 < words.size() ? words.get(i + 1) : null;
                }
                if (word.startsWith(option + "=")) {
                    return word.substring(option.length() + 1);
                }
                if (option.length() == 2 && word.startsWith(option)) { // -b:8000
                    return word.substring(2);
                }
            }
        }
        return null;
    }
}
