import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;

/**
 * What the AOT cache is made from: both servers in one process, some of everything that a start and
 * the first requests need, and the load client, whose end ends the process.
 */
final class Training {
    private static final String ECHO = "18888";
    private static final String HTTP = "18000";
    private static final String[] PATHS = {"/", "/plaintext", "/get", "/headers", "/status/404"};

    private Training() {}

    static void run() throws Throwable {
        serve("io.weft.echo.EchoServer", "--host", "127.0.0.1", "--port", ECHO);
        serve("io.weft.http.cli.Main", "--bind", "127.0.0.1:" + HTTP);
        await(ECHO);
        await(HTTP);
        for (int i = 0; i < 200; i++) {
            get(PATHS[i % PATHS.length]);
        }
        Entry.call(
                "io.weft.load.LoadClient",
                "127.0.0.1:" + ECHO, "--mode", "coroutines", "--connections", "10", "--messages", "100");
    }

    private static void serve(String main, String... args) {
        Thread thread =
                new Thread(
                        () -> {
                            try {
                                Entry.call(main, args);
                            } catch (Throwable e) {
                                System.err.println("weft train: " + main + " failed: " + e);
                                System.exit(1); // nobody will answer at its port
                            }
                        },
                        main);
        thread.setDaemon(true);
        thread.start();
    }

    private static void await(String port) throws InterruptedException {
        while (true) {
            try (Socket socket = new Socket("127.0.0.1", Integer.parseInt(port))) {
                return;
            } catch (IOException notYet) {
                Thread.sleep(20);
            }
        }
    }

    private static void get(String path) throws IOException {
        try (Socket socket = new Socket("127.0.0.1", Integer.parseInt(HTTP))) {
            String request = "GET " + path + " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n";
            socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
            socket.getInputStream().readAllBytes();
        }
    }
}
