package io.weft.examples;

import static org.assertj.core.api.Assertions.assertThat;

import org.awaitility.Awaitility;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;

import javax.tools.ToolProvider;

/**
 * One of the single-file examples: compiled with this test's class path, its main run on a thread
 * of its own, its output caught. Closing it interrupts main, as Ctrl-C would end it.
 */
public final class Example implements AutoCloseable {
    private static final Pattern LISTENING = Pattern.compile("listening on (\\S+:(\\d+))");

    private final PrintStream console = System.out;
    private final ByteArrayOutputStream output = new ByteArrayOutputStream();
    private final Thread main;
    private volatile Throwable failure;

    private Example(Path classes, String name, List<String> arguments) throws Exception {
        var loader = new URLClassLoader(new URL[] {classes.toUri().toURL()});
        var method = loader.loadClass(name).getMethod("main", String[].class);
        System.setOut(new PrintStream(output, true, StandardCharsets.UTF_8));
        main =
                Thread.ofPlatform()
                        .name("example-" + name)
                        .start(
                                () -> {
                                    try {
                                        method.invoke(
                                                null, (Object) arguments.toArray(String[]::new));
                                    } catch (Throwable e) {
                                        failure = e;
                                    }
                                });
    }

    /** Compiles and starts {@code examples/NAME.java}. */
    public static Example run(Path classes, String name, String... arguments) throws Exception {
        compile(classes, name);
        return new Example(classes, name, List.of(arguments));
    }

    /** Compiles {@code examples/NAME.java}, which has to be without a warning. */
    public static void compile(Path classes, String name) {
        int result =
                ToolProvider.getSystemJavaCompiler()
                        .run(
                                null,
                                null,
                                null,
                                "-Xlint:all,-serial,-path",
                                "-Werror",
                                "-proc:none",
                                "-cp",
                                System.getProperty(
                                        "surefire.test.class.path",
                                        System.getProperty("java.class.path")),
                                "-d",
                                classes.toString(),
                                Path.of("examples", name + ".java").toString());
        assertThat(result).as("javac of " + name).isZero();
    }

    /** Waits for the line that says where it listens. */
    public int port() {
        Awaitility.await().until(() -> LISTENING.matcher(text()).find() || failure != null);
        assertThat(failure).isNull();
        var matcher = LISTENING.matcher(text());
        assertThat(matcher.find()).isTrue();
        return Integer.parseInt(matcher.group(2));
    }

    /** Waits for its end, and hands out what it printed. */
    public List<String> lines() throws InterruptedException {
        main.join();
        assertThat(failure).isNull();
        return text().lines().toList();
    }

    public String text() {
        return output.toString(StandardCharsets.UTF_8);
    }

    @Override
    public void close() {
        main.interrupt();
        Awaitility.await().until(() -> !main.isAlive());
        System.setOut(console);
    }
}
