package io.weft.testing;

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
}
