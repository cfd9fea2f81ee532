import io.weft.net.Addresses;
import io.weft.net.Connection;
import io.weft.server.StreamServer;
import java.io.IOException;
import java.net.BindException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import picocli.CommandLine;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/**
 * A server as a command with options: tells each visitor which one it is. Several of them count together with
 * --redis, each on the first free port of --ports. Try it with: nc 127.0.0.1 5000
 */
@Command(name = "visitor-count", mixinStandardHelpOptions = true)
public class VisitorCount implements Callable<Integer> {
    private static final Duration PATIENCE = Duration.ofSeconds(5);

    static class Where {
        @Option(names = "--port", description = "the port to listen on; 0 for any", defaultValue = "5000")
        int port;

        @Option(names = "--ports", paramLabel = "FIRST-LAST", description = "listens on the first of them that is free")
        String ports;

        /** Those to try. */
        List<Integer> all() {
            if (ports == null) {
                return List.of(port);
            }
            String[] ends = ports.split("-", 2);
            int first = Integer.parseInt(ends[0]);
            int last = ends.length == 1 ? first : Integer.parseInt(ends[1]);
            if (first < 1 || first > last || last > 65_535) {
                throw new NumberFormatException();
            }
            return IntStream.rangeClosed(first, last).boxed().toList();
        }
    }

    @ArgGroup Where where = new Where();

    @Option(names = "--redis", paramLabel = "HOST:PORT", description = "counts there; by default in this process")
    String redis;

    private final AtomicLong visits = new AtomicLong();

    public static void main(String[] args) throws Exception {
        var command = new CommandLine(new VisitorCount());
        command.setExecutionExceptionHandler(
                (e, line, parsed) -> {
                    line.getErr().println("visitor-count: " + e.getMessage());
                    return CommandLine.ExitCode.SOFTWARE;
                });
        int code = command.execute(args);
        if (code != CommandLine.ExitCode.OK) {
            System.exit(code);
        }
    }

    @Override
    public Integer call() throws Exception {
        try (var server = bind()) {
            System.out.println("listening on " + Addresses.format(server.address()));
            server.serveForever();
        } catch (InterruptedException e) {
            System.out.println("visits: " + visits); // that is its end
        }
        return CommandLine.ExitCode.OK;
    }

    private StreamServer bind() throws IOException {
        List<Integer> ports;
        try {
            ports = where.all();
        } catch (NumberFormatException e) {
            throw new IOException("expected --ports FIRST-LAST, but was " + where.ports, e);
        }
        for (int port : ports) {
            try {
                return StreamServer.bind("127.0.0.1:" + port, this::greet);
            } catch (BindException e) {
                // the next one may be free
            }
        }
        throw new BindException("no port is free of " + ports);
    }

    private void greet(Connection visitor) throws IOException {
        visitor.write("You are visitor " + count() + "\n");
    }

    /** By Redis' protocol, which for a word and an answer of a line is those lines. */
    private long count() throws IOException {
        if (redis == null) {
            return visits.incrementAndGet();
        }
        try (var server = Connection.connect(redis, PATIENCE)) {
            server.readTimeout(PATIENCE);
            server.write("INCR weft:visits\r\n");
            String answer = server.readLine(100);
            if (answer == null || !answer.startsWith(":")) {
                throw new IOException("Redis said " + answer);
            }
            return Long.parseLong(answer.substring(1));
        }
    }
}
