package io.weft.launch;

import java.io.Console;
import java.io.File;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.reflect.Field;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;

/**
 * The same jar on another Java, in a child process that looks to the caller like this one: it has
 * our stdin, stdout and stderr, is told of the signals we get, ends us with its exit code, and ends
 * with us ({@link Parent}).
 */
final class Relaunch {
    /** The variables whose options a JVM picks up by itself: the child will do that too. */
    private static final String[] OPTION_VARIABLES = {
        "JAVA_TOOL_OPTIONS", "JDK_JAVA_OPTIONS", "_JAVA_OPTIONS"
    };

    /** What means something else than the end to a server. */
    private static final String[] PASSED_ON = {"HUP", "USR1"};

    /** What would stop us, and not the child. */
    private static final String[] IGNORED = {"TTIN", "TTOU"};

    private Relaunch() {}

    static List<String> command(Jdk jdk, File jar, String mark, String[] args) {
        List<String> command = new ArrayList<>();
        command.add(jdk.java().getPath());
        // An option of the old Java's may be gone in the new one.
        command.add("-XX:+IgnoreUnrecognizedVMOptions");
        command.addAll(ownOptions());
        command.add(mark);
        command.addAll(Arrays.asList("-jar", jar.getPath()));
        command.addAll(Arrays.asList(args));
        return command;
    }

    /** Whether sockets were opened for this process, which a child of Java's does not inherit. */
    static boolean hasSockets(String listenPid) {
        return Parent.ownPid().equals(listenPid);
    }

    /** Runs the command to its end; returns its exit code. */
    static int run(List<String> command) throws IOException, InterruptedException {
        // Caught before there is a child, so that none is left alone by a signal in between.
        CompletableFuture<Process> child = new CompletableFuture<>();
        Runnable end = () -> child.thenAccept(Process::destroy);
        Signals.on("TERM", end);
        for (String name : PASSED_ON) {
            Signals.on(name, () -> child.thenAccept(process -> pass(name, process)));
        }
        for (String name : IGNORED) Signals.on(name, () -> {});
        // A terminal sends Ctrl-C to both of us; told twice, the child would not drain.
        Signals.on(
                "INT",
                onTerminal() ? () -> {} : () -> child.thenAccept(process -> pass("INT", process)));
        child.complete(new ProcessBuilder(command).inheritIO().start());
        return child.join().waitFor();
    }

    private static void pass(String signal, Process child) {
        try {
            new ProcessBuilder("kill", "-" + signal, pid(child)).inheritIO().start();
        } catch (IOException | ReflectiveOperationException e) {
            System.err.println("SIG" + signal + " could not be passed on: " + e);
        }
    }

    private static String pid(Process process) throws ReflectiveOperationException {
        try {
            return Process.class.getMethod("pid").invoke(process).toString();
        } catch (NoSuchMethodException beforeJava9) {
            Field pid = process.getClass().getDeclaredField("pid");
            pid.setAccessible(true);
            return pid.get(process).toString();
        }
    }

    private static boolean onTerminal() {
        Console console = System.console();
        if (console == null) return false;
        try {
            return (Boolean) Console.class.getMethod("isTerminal").invoke(console);
        } catch (ReflectiveOperationException beforeJava22) {
            return true; // there it was null without a terminal
        }
    }

    private static List<String> ownOptions() {
        Set<String> inherited = new HashSet<>();
        for (String variable : OPTION_VARIABLES) {
            String value = System.getenv(variable);
            if (value != null) Collections.addAll(inherited, value.trim().split("\\s+"));
        }
        List<String> options = new ArrayList<>();
        for (String option : ManagementFactory.getRuntimeMXBean().getInputArguments()) {
            // A debugger's port is ours already.
            boolean debugger =
                    option.startsWith("-agentlib:jdwp") || option.startsWith("-Xrunjdwp");
            if (!debugger && !inherited.contains(option)) options.add(option);
        }
        return options;
    }
}
