import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

/** The image's one command: its first word says which of Weft's commands runs, in this process. */
public final class Entry {
    private static final String USAGE =
            """
            Usage: weft COMMAND [options]

              echo     the echo server, on port 8888
              http     the HTTP server, on port 8000; with your own application or the demo
              load     the load client
              health   whether the server of this container answers; what HEALTHCHECK runs

            weft COMMAND --help says more of each.
            """;

    private static final int WRONG_USAGE = 2;

    private Entry() {}

    public static void main(String[] args) throws Throwable {
        String word = args.length == 0 ? "--help" : args[0];
        String[] rest = args.length == 0 ? args : Arrays.copyOfRange(args, 1, args.length);
        switch (word) {
            case "echo" -> call("io.weft.echo.EchoServer", rest);
            case "http" -> call("io.weft.http.cli.Main", reachable(rest));
            case "load" -> call("io.weft.load.LoadClient", rest);
            case "health" -> System.exit(Health.check(started()));
            case "train" -> Training.run();
            case "--help", "-h", "help" -> System.out.print(USAGE);
            default -> {
                System.err.println("weft: there is no command '" + word + "' (see weft --help)");
                System.exit(WRONG_USAGE);
            }
        }
    }

    /** A container is reached from outside: unless told otherwise, not only from its own loopback. */
    private static String[] reachable(String[] args) {
        boolean said =
                Stream.of(args)
                        .anyMatch(
                                arg ->
                                        arg.startsWith("-b")
                                                || arg.startsWith("--bind")
                                                || arg.startsWith("--config"));
        return said
                ? args
                : Stream.concat(Stream.of("--bind", "0.0.0.0:8000"), Stream.of(args))
                        .toArray(String[]::new);
    }

    /** What this container was started with, from its command word on. */
    private static List<String> started() throws IOException {
        List<String> words =
                List.of(Files.readString(Path.of("/proc/1/cmdline")).split("\0", -1));
        int jar = words.indexOf("-jar");
        return jar < 0 ? words : words.subList(jar + 2, words.size());
    }

    static void call(String main, String... args) throws Throwable {
        try {
            Class.forName(main).getMethod("main", String[].class).invoke(null, (Object) args);
        } catch (InvocationTargetException thrown) {
            throw thrown.getCause();
        }
    }
}
