package io.weft.debug;

import io.weft.net.Addresses;

import jdk.jshell.EvalException;
import jdk.jshell.ExpressionSnippet;
import jdk.jshell.JShell;
import jdk.jshell.JShellException;
import jdk.jshell.Snippet;
import jdk.jshell.SnippetEvent;
import jdk.jshell.SourceCodeAnalysis;
import jdk.jshell.SourceCodeAnalysis.CompletionInfo;
import jdk.jshell.VarSnippet;
import jdk.jshell.execution.LocalExecutionControl;
import jdk.jshell.spi.ExecutionControl;
import jdk.jshell.spi.ExecutionControlProvider;
import jdk.jshell.spi.ExecutionEnv;

import org.jspecify.annotations.Nullable;
import org.slf4j.LoggerFactory;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.regex.Pattern;

/** One connection to a {@link Backdoor}: reads snippets, evaluates them in this process. */
final class BackdoorSession implements AutoCloseable {
    private static final Set<String> GOODBYE =
            Set.of("quit", "exit", "quit()", "exit()", "/exit", "/quit");

    private static final Duration STOP_AGAIN = Duration.ofMillis(20);

    private static final List<String> START =
            List.of(
                    "import io.weft.*;",
                    "import io.weft.debug.*;",
                    "import java.time.*;",
                    "import java.util.*;",
                    "import java.util.concurrent.*;",
                    "void print(Object value) { Backdoor.out().print(value); }",
                    "void println(Object value) { Backdoor.out().println(value); }",
                    "void dump() throws Exception { println(Dump.take().text()); }",
                    "void tree() throws Exception { println(Dump.take().tree()); }");

    /** A request line (RFC 9112 section 3), of whatever a browser may be brought to send. */
    private static final Pattern HTTP = Pattern.compile("[!-~]+\\s.*HTTP/\\d+(\\.\\d+)?\\s*");

    private final SocketChannel socket;
    private final BufferedReader in;
    private final PrintStream out;
    private final Thread thread;
    private volatile @Nullable JShell shell;

    BackdoorSession(SocketChannel socket, Consumer<BackdoorSession> body) throws IOException {
        this.socket = socket;
        this.thread =
                Thread.ofPlatform()
                        .daemon()
                        .name("weft-backdoor " + Addresses.format(socket.getRemoteAddress()))
                        .unstarted(() -> body.accept(this));
        this.in =
                new BufferedReader(
                        new InputStreamReader(
                                Channels.newInputStream(socket), StandardCharsets.UTF_8));
        this.out = new PrintStream(Channels.newOutputStream(socket), true, StandardCharsets.UTF_8);
    }

    void start() {
        thread.start();
    }

    PrintStream out() {
        return out;
    }

    /** Until the user quits or hangs up. On the session's thread. */
    void run() throws IOException {
        out.println(
                "Java "
                        + Runtime.version().feature()
                        + " in process "
                        + ProcessHandle.current().pid()
                        + ": println(x), dump() and tree() help; quit ends the session");
        try (JShell own = JShell.builder().executionEngine(new InThisProcess(), Map.of()).build()) {
            shell = own;
            own.addToClasspath(System.getProperty("java.class.path"));
            START.forEach(own::eval);
            converse(own);
        }
    }

    private void converse(JShell own) throws IOException {
        var unfinished = new StringBuilder();
        while (socket.isOpen()) {
            out.print(unfinished.isEmpty() ? ">>> " : "... ");
            out.flush();
            String line = in.readLine();
            if (line == null || GOODBYE.contains(line.strip())) {
                return;
            }
            if (HTTP.matcher(line).matches()) {
                out.println("expected Java, but got HTTP");
                LoggerFactory.getLogger(Backdoor.class)
                        .warn("a backdoor's session was ended: it began to speak HTTP");
                return;
            }
            String rest = evaluate(own, unfinished.append(line).append('\n').toString());
            unfinished.setLength(0);
            unfinished.append(rest);
        }
    }

    /** Evaluates all complete snippets, and gives back what needs another line. */
    private String evaluate(JShell own, String source) {
        SourceCodeAnalysis analysis = own.sourceCodeAnalysis();
        String rest = source;
        while (!rest.isBlank() && socket.isOpen()) {
            CompletionInfo info = analysis.analyzeCompletion(rest);
            switch (info.completeness()) {
                case COMPLETE, COMPLETE_WITH_SEMI, CONSIDERED_INCOMPLETE -> {
                    own.eval(info.source()).forEach(event -> show(own, event));
                    rest = info.remaining();
                }
                case DEFINITELY_INCOMPLETE -> {
                    return rest;
                }
                case EMPTY -> {
                    return "";
                }
                case UNKNOWN -> {
                    own.eval(rest).forEach(event -> show(own, event));
                    return "";
                }
            }
        }
        return "";
    }

    private void show(JShell own, SnippetEvent event) {
        if (event.causeSnippet() != null) {
            return; // an older snippet that this one touched
        }
        Snippet snippet = event.snippet();
        if (event.status() == Snippet.Status.REJECTED) {
            own.diagnostics(snippet).forEach(error -> out.println(error.getMessage(Locale.ROOT)));
        } else if (event.exception() != null) {
            show(event.exception());
        } else if (snippet instanceof VarSnippet variable) {
            out.println(variable.name() + " ==> " + event.value());
        } else if (snippet instanceof ExpressionSnippet expression) {
            out.println(expression.name() + " ==> " + event.value());
        } else if (event.value() != null && !event.value().isEmpty()) {
            out.println(event.value());
        }
    }

    private void show(JShellException failure) {
        String name =
                failure instanceof EvalException thrown
                        ? thrown.getExceptionClassName()
                        : failure.getClass().getName();
        out.println(name + (failure.getMessage() == null ? "" : ": " + failure.getMessage()));
        for (StackTraceElement frame : failure.getStackTrace()) {
            out.println("    at " + frame);
        }
    }

    /** Hangs up, and stops the snippet that runs; does not wait. Any thread. */
    @Override
    public void close() {
        try {
            socket.close();
        } catch (IOException e) {
            // then it is closed already
        }
        if (thread.isAlive() && thread != Thread.currentThread()) {
            Thread.ofPlatform().daemon().name(thread.getName() + " end").start(this::stop);
        }
    }

    /** Again and again, for one that is still being compiled cannot be stopped yet. */
    private void stop() {
        try {
            while (!thread.join(STOP_AGAIN)) {
                JShell running = shell;
                if (running != null) {
                    running.stop();
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Has snippets see the very classes that the process runs. */
    private static final class InThisProcess implements ExecutionControlProvider {
        @Override
        public String name() {
            return "weft";
        }

        @Override
        public ExecutionControl generate(ExecutionEnv environment, Map<String, String> parameters) {
            return new LocalExecutionControl(Backdoor.class.getClassLoader());
        }
    }
}
