package io.weft.process;

import io.weft.Deadline;
import io.weft.WaitQueue;
import io.weft.net.Connection;
import io.weft.net.Connector;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.UnixDomainSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;

/**
 * A child process (gevent: subprocess.Popen). The loop runs on while a coroutine starts the child,
 * waits for it, or reads and writes its pipes. Any thread; each of the pipes has one user at a
 * time.
 *
 * <p>Differences from gevent: streams are inherited unless they are asked to be pipes, in a
 * builder; {@code communicate} with a time limit gives null instead of throwing and can be called
 * again, losing nothing; a signal that ended the child shows as 128 and its number, as in a shell;
 * there is no shell in between unless it is the command ({@code "sh", "-c", ...}); no signals but
 * TERM and KILL can be sent.
 */
public final class Subprocess implements AutoCloseable {
    private static final byte[] NOTHING = {};

    private final List<String> command;
    private final Process process;
    private final CooperativeOutputStream input;
    private final CooperativeInputStream output;
    private final CooperativeInputStream error;
    private final Map<String, ChildSocket> sockets; // by their variables
    private final WaitQueue waiters = new WaitQueue();

    // guarded by waiters
    private boolean exited;
    private @Nullable CompletableFuture<Completed> conversation;

    /** On a helper thread. */
    Subprocess(
            List<String> command,
            Process process,
            InputStream output,
            InputStream error,
            Map<String, ChildSocket> sockets) {
        this.command = command;
        this.process = process;
        this.sockets = sockets;
        this.input =
                new CooperativeOutputStream(process.getOutputStream(), "input of " + this, false);
        this.output = new CooperativeInputStream(output, "output of " + this, false);
        this.error = new CooperativeInputStream(error, "errors of " + this, false);
        var _ =
                process.onExit()
                        .thenRun(
                                () -> {
                                    waiters.lock();
                                    try {
                                        exited = true;
                                        waiters.wakeAll();
                                    } finally {
                                        waiters.unlock();
                                    }
                                    sockets.forEach(this::giveUp);
                                });
    }

    /** A child that runs {@code command}: the program, as found on the PATH, and its arguments. */
    public static SubprocessBuilder command(String... command) {
        return command(List.of(command));
    }

    /** As {@link #command(String...)}. */
    public static SubprocessBuilder command(List<String> command) {
        return new SubprocessBuilder(List.copyOf(command));
    }

    /** Runs a command to its end, its output and errors piped here (Python: run). */
    public static Completed run(String... command) throws IOException, InterruptedException {
        return command(command).stdout(Stdio.PIPE).stderr(Stdio.PIPE).run();
    }

    /**
     * What a command writes; its errors go where the parent's go (Python: check_output).
     *
     * @throws FailedCommandException if its exit code is not 0
     */
    public static String checkOutput(String... command) throws IOException, InterruptedException {
        return command(command).checkOutput();
    }

    /** Writes to the child's standard input; closing it is the end of the child's input. */
    public OutputStream stdin() {
        return input;
    }

    /**
     * Reads the child's standard output. It ends when nobody can write to it any more: what the
     * child's own children write after its end is read too (Linux; elsewhere it may be lost).
     */
    public CooperativeInputStream stdout() {
        return output;
    }

    /** Reads the child's standard error. */
    public CooperativeInputStream stderr() {
        return error;
    }

    /**
     * The parent's end of a socket of {@link SubprocessBuilder#socket}: waits until the child has
     * connected, and is the same each time. Limit it with a {@link io.weft.Timeout} if the child
     * may not think of it. Its loop is the one on which the child was started.
     *
     * @throws IOException if the child has ended and never connected
     * @throws InterruptedException if killed or timed out; the child can still connect
     * @throws IllegalArgumentException if there is no socket of that name
     */
    public Connection socket(String variable) throws IOException, InterruptedException {
        ChildSocket socket = sockets.get(variable);
        if (socket == null) {
            throw new IllegalArgumentException(
                    "expected the name of a socket of "
                            + this
                            + ", of which there are "
                            + sockets.keySet()
                            + ", but got "
                            + variable);
        }
        return Helpers.await(socket.connection());
    }

    private void giveUp(String variable, ChildSocket socket) {
        socket.giveUpSoon(
                new IOException(this + " has ended and never connected to its " + variable));
    }

    /**
     * In a child that runs Weft: its end of a socket that the parent has given it by {@link
     * SubprocessBuilder#socket}.
     *
     * @throws IOException if the environment has no such variable, or nobody listens there any more
     */
    public static Connection parentSocket(String variable) throws IOException {
        String path = System.getenv(variable);
        if (path == null) {
            throw new IOException(
                    "expected the path of a socket in the environment's variable "
                            + variable
                            + ", which a parent sets, but there is none");
        }
        return new Connector().connect(UnixDomainSocketAddress.of(path));
    }

    public long pid() {
        return process.pid();
    }

    /** Sends {@code text}, ends the child's input, and waits for all of its output and its end. */
    public Completed communicate(String text) throws IOException, InterruptedException {
        return converse(text.getBytes(StandardCharsets.UTF_8), Deadline.NEVER).join();
    }

    /** As {@link #communicate(String)}; null if the time was over first. */
    public @Nullable Completed communicate(String text, Duration timeout)
            throws IOException, InterruptedException {
        return communicate(text.getBytes(StandardCharsets.UTF_8), timeout);
    }

    /**
     * As {@link #communicate(String)}, in bytes; null if the time was over first. The child goes on
     * then, and the next call waits for the rest; its {@code bytes} are ignored.
     *
     * @throws IOException if the output could not be read
     */
    public @Nullable Completed communicate(byte[] bytes, Duration timeout)
            throws IOException, InterruptedException {
        var conversation = converse(bytes, Deadline.in(timeout));
        return conversation.isDone() ? conversation.join() : null;
    }

    private CompletableFuture<Completed> converse(byte[] bytes, long deadline)
            throws IOException, InterruptedException {
        waiters.lock();
        try {
            CompletableFuture<Completed> all = conversation;
            if (all == null) {
                all = conversation = begin(bytes);
            }
            while (!all.isDone() && waiters.await(deadline, this)) {
                // woken by the child's end too
            }
            if (all.isCompletedExceptionally()) {
                throw failure(all);
            }
            return all;
        } finally {
            waiters.unlock();
        }
    }

    private CompletableFuture<Completed> begin(byte[] bytes) throws IOException {
        var sent = input.sendAll(bytes);
        var out = output.collect();
        var err = error.collect();
        var all =
                CompletableFuture.allOf(sent, out, err, process.onExit())
                        .thenApply(
                                done ->
                                        new Completed(
                                                command,
                                                process.exitValue(),
                                                out.getNow(NOTHING),
                                                err.getNow(NOTHING)));
        var _ = all.whenComplete((completed, failure) -> wakeAll());
        return all;
    }

    private void wakeAll() {
        waiters.lock();
        try {
            waiters.wakeAll();
        } finally {
            waiters.unlock();
        }
    }

    private static IOException failure(CompletableFuture<Completed> failed) {
        Throwable cause = failed.exceptionNow();
        while (cause instanceof CompletionException || cause instanceof UncheckedIOException) {
            Throwable inner = cause.getCause();
            if (inner == null) {
                break;
            }
            cause = inner;
        }
        return new IOException("cannot talk to the child: " + cause.getMessage(), cause);
    }

    /** Waits for the end, and gives the exit code. */
    public int waitFor() throws InterruptedException {
        awaitExit(Deadline.NEVER);
        return process.exitValue();
    }

    /** Waits for the end; false if the time was over first. */
    public boolean waitFor(Duration timeout) throws InterruptedException {
        return awaitExit(Deadline.in(timeout));
    }

    private boolean awaitExit(long deadline) throws InterruptedException {
        waiters.lock();
        try {
            while (!exited) {
                if (!waiters.await(deadline, this)) {
                    return exited;
                }
            }
            return true;
        } finally {
            waiters.unlock();
        }
    }

    /** The exit code; null while the child runs. */
    public @Nullable Integer poll() {
        return process.isAlive() ? null : Integer.valueOf(process.exitValue());
    }

    public boolean isAlive() {
        return process.isAlive();
    }

    /** Asks the child to end (SIGTERM). Does not wait; what it has written can still be read. */
    public void terminate() {
        // not Process.destroy(), which would close the pipes too
        process.toHandle().destroy();
    }

    /** Ends the child (SIGKILL). Does not wait; what it has written can still be read. */
    public void kill() {
        process.toHandle().destroyForcibly();
    }

    /** Nobody will wait for it. */
    void abandon() {
        kill();
        closePipes();
    }

    private void closePipes() {
        input.abandon();
        output.close();
        error.close();
        sockets.values().forEach(ChildSocket::close);
    }

    /**
     * Closes the pipes and sockets, and waits for the end (Python: with Popen). A coroutine that is
     * killed or timed out while it waits kills the child.
     */
    @Override
    public void close() {
        closePipes();
        try {
            waitFor();
        } catch (InterruptedException e) {
            kill();
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public String toString() {
        return "process " + process.pid() + " " + command;
    }
}
