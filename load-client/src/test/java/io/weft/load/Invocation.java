package io.weft.load;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.function.Consumer;

/** One call of the command, as a user would make it, and what came of it. */
record Invocation(int exitCode, String out, String err) {
    static Invocation of(String... arguments) {
        return with("", _ -> {}, arguments);
    }

    /** With {@code input} on standard input. */
    static Invocation typing(String input, String... arguments) {
        return with(input, _ -> {}, arguments);
    }

    /**
     * @param onStop is given what a signal would do
     */
    static Invocation with(String input, Consumer<Runnable> onStop, String... arguments) {
        InputStream in = System.in;
        PrintStream out = System.out;
        PrintStream err = System.err;
        var printed = new ByteArrayOutputStream();
        var complained = new ByteArrayOutputStream();
        try {
            System.setIn(new ByteArrayInputStream(input.getBytes(StandardCharsets.UTF_8)));
            System.setOut(new PrintStream(printed, true, StandardCharsets.UTF_8));
            System.setErr(new PrintStream(complained, true, StandardCharsets.UTF_8));
            int exitCode = LoadClient.run(onStop, arguments);
            return new Invocation(
                    exitCode,
                    printed.toString(StandardCharsets.UTF_8),
                    complained.toString(StandardCharsets.UTF_8));
        } finally {
            System.setIn(in);
            System.setOut(out);
            System.setErr(err);
        }
    }

    List<String> lines() {
        return out.lines().toList();
    }

    /** What it has complained of: without the progress that a run tells of after each second. */
    List<String> complaints() {
        return err.lines().filter(line -> !line.matches("[\\d.]+ s: .*")).toList();
    }

    /** The line of the report that begins so. */
    String line(String name) {
        return out.lines()
                .filter(line -> line.startsWith(name))
                .findFirst()
                .orElse("no line " + name + " in " + out);
    }
}
