package io.weft.process;

import io.weft.Loop;
import io.weft.LoopGroup;

import org.jspecify.annotations.Nullable;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeoutException;

/**
 * Gathers what a {@link Subprocess} is made of. Unless told otherwise the child has its parent's
 * environment, directory and streams. Not thread-safe.
 */
public final class SubprocessBuilder {
    private static final File NOWHERE = new File(File.separatorChar == '\\' ? "NUL" : "/dev/null");

    private final ProcessBuilder builder;
    private final Set<String> sockets = new LinkedHashSet<>();

    SubprocessBuilder(List<String> command) {
        if (command.isEmpty()) {
            throw new IllegalArgumentException("a command needs at least the program's name");
        }
        builder = new ProcessBuilder(command);
        builder.inheritIO();
    }

    /** Sets one variable of the child's environment. */
    public SubprocessBuilder environment(String name, String value) {
        builder.environment().put(name, value);
        return this;
    }

    /** Takes every variable away that the child would inherit, and those set before. */
    public SubprocessBuilder clearEnvironment() {
        builder.environment().clear();
        return this;
    }

    /** Where the child starts (Python: cwd). */
    public SubprocessBuilder directory(Path directory) {
        builder.directory(directory.toFile());
        return this;
    }

    /** What the child reads. */
    public SubprocessBuilder stdin(Stdio from) {
        builder.redirectInput(
                switch (from) {
                    case PIPE -> ProcessBuilder.Redirect.PIPE;
                    case INHERIT -> ProcessBuilder.Redirect.INHERIT;
                    case NULL -> ProcessBuilder.Redirect.from(NOWHERE);
                    case MERGE -> throw onlyForErrors("standard input");
                });
        return this;
    }

    /** A file that the child reads. */
    public SubprocessBuilder stdin(Path from) {
        builder.redirectInput(from.toFile());
        return this;
    }

    /** Where the child's output goes. */
    public SubprocessBuilder stdout(Stdio to) {
        builder.redirectOutput(output(to, "standard output"));
        return this;
    }

    /** A file that the child's output is written to. */
    public SubprocessBuilder stdout(Path to) {
        builder.redirectOutput(to.toFile());
        return this;
    }

    /** Where the child's errors go. */
    public SubprocessBuilder stderr(Stdio to) {
        builder.redirectErrorStream(to == Stdio.MERGE);
        if (to != Stdio.MERGE) {
            builder.redirectError(output(to, "standard error"));
        }
        return this;
    }

    /** A file that the child's errors are written to. */
    public SubprocessBuilder stderr(Path to) {
        builder.redirectErrorStream(false);
        builder.redirectError(to.toFile());
        return this;
    }

    private static ProcessBuilder.Redirect output(Stdio to, String stream) {
        return switch (to) {
            case PIPE -> ProcessBuilder.Redirect.PIPE;
            case INHERIT -> ProcessBuilder.Redirect.INHERIT;
            case NULL -> ProcessBuilder.Redirect.to(NOWHERE);
            case MERGE -> throw onlyForErrors(stream);
        };
    }

    private static IllegalArgumentException onlyForErrors(String stream) {
        return new IllegalArgumentException(
                "MERGE is for the standard error only, and the " + stream + " was to be merged");
    }

    /**
     * One stream each way more than the three: a Unix socket, whose path the child finds in its
     * environment as {@code variable}, and connects to, once. A child that runs Weft calls {@link
     * Subprocess#parentSocket}, Python's {@code multiprocessing.connection.Client}, any other what
     * it has for Unix sockets. {@link Subprocess#socket} is the parent's end, and {@link
     * MessagePipe} makes messages of the bytes (gipc: pipe). Nobody but this user can connect; the
     * path is gone when the child has connected or ended.
     */
    public SubprocessBuilder socket(String variable) {
        if (variable.isEmpty() || variable.indexOf('=') >= 0) {
            throw new IllegalArgumentException(
                    "expected the name of an environment's variable, but got '" + variable + "'");
        }
        sockets.add(variable);
        return this;
    }

    /**
     * Starts the child, on a helper thread: the JDK takes some milliseconds for that, and longer
     * for the first.
     *
     * @throws IOException if there is no such program, or it may not be run
     * @throws InterruptedException if killed or timed out meanwhile; no child is left then
     */
    public Subprocess start() throws IOException, InterruptedException {
        Loop loop = Loop.current();
        if (loop != null) {
            loop.checkMayBlock("starting a child"); // before there is one that nobody waits for
        }
        ProcessBuilder copy = copy();
        var ends = new LinkedHashMap<String, ChildSocket>();
        boolean started = false;
        try {
            for (String variable : sockets) {
                var end = ChildSocket.bind(loop == null ? LoopGroup.shared().next() : loop);
                ends.put(variable, end);
                copy.environment().put(variable, end.path());
            }
            var starting = Helpers.submit(() -> start(copy, ends));
            try {
                Subprocess child = Helpers.await(starting);
                started = true;
                return child;
            } catch (InterruptedException e) {
                var _ = starting.thenAccept(Subprocess::abandon);
                throw e;
            }
        } finally {
            if (!started) {
                ends.values().forEach(ChildSocket::close);
            }
        }
    }

    /** What the child is, if this builder is used for another meanwhile. */
    private ProcessBuilder copy() {
        var copy = new ProcessBuilder(List.copyOf(builder.command()));
        copy.environment().clear();
        copy.environment().putAll(builder.environment());
        copy.directory(builder.directory());
        copy.redirectInput(builder.redirectInput());
        copy.redirectOutput(builder.redirectOutput());
        copy.redirectError(builder.redirectError());
        copy.redirectErrorStream(builder.redirectErrorStream());
        return copy;
    }

    private static Subprocess start(ProcessBuilder child, Map<String, ChildSocket> sockets)
            throws IOException {
        OutputPipe output = null;
        OutputPipe error = null;
        boolean started = false;
        try {
            if (isPipe(child.redirectOutput())) {
                output = OutputPipe.open();
                child.redirectOutput(output.redirect());
            }
            if (isPipe(child.redirectError()) && !child.redirectErrorStream()) {
                error = OutputPipe.open();
                child.redirectError(error.redirect());
            }
            Process process = child.start();
            started = true;
            return new Subprocess(
                    child.command(),
                    process,
                    output == null ? process.getInputStream() : output.reader(),
                    error == null ? process.getErrorStream() : error.reader(),
                    sockets);
        } finally {
            release(output, started);
            release(error, started);
        }
    }

    private static boolean isPipe(ProcessBuilder.Redirect redirect) {
        return redirect.equals(ProcessBuilder.Redirect.PIPE) && OutputPipe.isAvailable();
    }

    /** The writing end is the child's now, or nobody's. */
    private static void release(@Nullable OutputPipe pipe, boolean started) throws IOException {
        if (pipe != null && started) {
            pipe.writer().close();
        } else if (pipe != null) {
            pipe.close();
        }
    }

    /** Starts the child, waits for its end, and gives back what it wrote to pipes. */
    public Completed run() throws IOException, InterruptedException {
        return run("");
    }

    /** As {@link #run()}; {@code input} goes to its standard input if that is a pipe. */
    public Completed run(String input) throws IOException, InterruptedException {
        Subprocess child = start();
        try {
            return child.communicate(input);
        } catch (Throwable e) {
            child.abandon();
            throw e;
        }
    }

    /**
     * As {@link #run(String)}, within {@code timeout}.
     *
     * @throws TimeoutException if the child had not ended by then; it has been killed
     */
    public Completed run(String input, Duration timeout)
            throws IOException, InterruptedException, TimeoutException {
        Subprocess child = start();
        try {
            Completed completed =
                    child.communicate(input.getBytes(StandardCharsets.UTF_8), timeout);
            if (completed == null) {
                throw new TimeoutException(child + " has not ended within " + timeout);
            }
            return completed;
        } catch (Throwable e) {
            child.abandon();
            throw e;
        }
    }

    /**
     * Runs the child with its output piped here (Python: check_output).
     *
     * @throws FailedCommandException if its exit code is not 0
     */
    public String checkOutput() throws IOException, InterruptedException {
        return stdout(Stdio.PIPE).run().check().output();
    }
}
