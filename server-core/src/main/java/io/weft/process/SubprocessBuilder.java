package io.weft.process;

import io.weft.Loop;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeoutException;

/**
 * Gathers what a {@link Subprocess} is made of. Unless told otherwise the child has its parent's
 * environment, directory and streams. Not thread-safe.
 */
public final class SubprocessBuilder {
    private static final File NOWHERE = new File(File.separatorChar == '\\' ? "NUL" : "/dev/null");

    private final ProcessBuilder builder;

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
     * Starts the child.
     *
     * @throws IOException if there is no such program, or it may not be run
     * @throws InterruptedException if killed or timed out meanwhile; no child is left then
     */
    public Subprocess start() throws IOException, InterruptedException {
        Loop loop = Loop.current();
        if (loop != null) {
            loop.checkMayBlock("starting a child"); // before there is one that nobody waits for
        }
        var copy = new ProcessBuilder(List.copyOf(builder.command()));
        copy.environment().clear();
        copy.environment().putAll(builder.environment());
        copy.directory(builder.directory());
        copy.redirectInput(builder.redirectInput());
        copy.redirectOutput(builder.redirectOutput());
        copy.redirectError(builder.redirectError());
        copy.redirectErrorStream(builder.redirectErrorStream());
        var starting = Helpers.submit(copy::start);
        try {
            return new Subprocess(copy.command(), Helpers.await(starting));
        } catch (InterruptedException e) {
            var _ = starting.thenAccept(Process::destroyForcibly);
            throw e;
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
