import io.weft.Weft;
import io.weft.process.MessagePipe;
import io.weft.process.Subprocess;
import java.io.File;
import java.nio.file.Path;
import java.util.List;

/** Processes that talk: jobs go to a child in Python and to one that is a JVM, answers come back. */
public class Workers {
    private static final String PYTHON =
            """
            import os
            from multiprocessing.connection import Client

            with Client(os.environ["JOBS"]) as jobs:
                try:
                    while True:
                        jobs.send_bytes(b"Python: " + jobs.recv_bytes().upper())
                except EOFError:
                    pass  # there are no more
            """;

    public static void main(String[] args) throws Exception {
        switch (args.length == 0 ? "both" : args[0]) {
            case "worker" -> Weft.run(Workers::work);
            case "python" -> Weft.run(() -> ask(python()));
            case "java" -> Weft.run(() -> ask(java()));
            default ->
                    Weft.run(
                            () -> {
                                var other = Weft.spawn(() -> ask(python()));
                                ask(java());
                                other.get();
                            });
        }
    }

    /** The parent's side; the loop runs on while the child starts and works. */
    private static void ask(List<String> command) throws Exception {
        try (var child = Subprocess.command(command).socket("JOBS").start();
                var jobs = MessagePipe.over(child.socket("JOBS"))) {
            for (String job : List.of("warp", "weft")) {
                jobs.send(job);
                System.out.println(jobs.receiveText());
            }
        } // the child reads the end, and goes too
    }

    /** The child's side, in a JVM. */
    private static void work() throws Exception {
        try (var jobs = MessagePipe.over(Subprocess.parentSocket("JOBS"))) {
            for (String job; (job = jobs.receiveText()) != null; ) {
                jobs.send("Java: " + job.toUpperCase());
            }
        }
    }

    private static List<String> python() {
        return List.of("python3", "-c", PYTHON);
    }

    /** This program once more, be it compiled or its source. */
    private static List<String> java() throws Exception {
        var home = Path.of(System.getProperty("java.home"));
        var self = Workers.class.getProtectionDomain().getCodeSource().getLocation();
        String code = Path.of(self.toURI()).toString();
        boolean source = code.endsWith(".java");
        String path = System.getProperty("java.class.path");
        return List.of(
                home.resolve("bin/java").toString(),
                "--add-opens=java.base/java.lang=ALL-UNNAMED",
                "--enable-native-access=ALL-UNNAMED",
                "-cp",
                source ? path : code + File.pathSeparator + path,
                source ? code : Workers.class.getName(),
                "worker");
    }
}
