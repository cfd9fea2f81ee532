package io.weft.testing;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** How to run a main class of the tests in a JVM of its own, as this one was started. */
public final class ChildJvm {
    private ChildJvm() {}

    /** The command, to which the program's arguments can be added. */
    public static List<String> command(Class<?> main) {
        return List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--add-opens=java.base/java.lang=ALL-UNNAMED",
                "--enable-native-access=ALL-UNNAMED",
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path"),
                main.getName());
    }

    /**
     * Whether this JVM's children ignore a signal from their start: a shell has what it starts in
     * the background ignore INT, nohup does so with HUP, and a JVM then takes no handler for it.
     */
    public static boolean ignores(String signal) throws IOException, ReflectiveOperationException {
        Path status = Path.of("/proc/self/status");
        if (!Files.exists(status)) {
            return false;
        }
        Class<?> type = Class.forName("sun.misc.Signal");
        Object number =
                type.getMethod("getNumber")
                        .invoke(type.getConstructor(String.class).newInstance(signal));
        try (var lines = Files.lines(status)) {
            return lines.filter(line -> line.startsWith("SigIgn:"))
                    .map(line -> Long.parseUnsignedLong(line.substring(7).strip(), 16))
                    .anyMatch(ignored -> (ignored >> ((int) number - 1) & 1) == 1);
        }
    }
}
