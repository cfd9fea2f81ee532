package io.weft.load;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.util.function.Supplier;

/**
 * One platform thread per connection (the course notes: {@code threading.Thread(target=client)}, a
 * hundred times).
 */
final class ThreadCrew implements Crew {
    /**
     * Reads and writes go no deeper; a thread's default of 1 MiB would reserve 10 GiB for 10 000.
     */
    private static final long STACK_BYTES = 256 * 1024;

    /** More than can run at once, so that two seldom count in the same place. */
    private static final int LANES_PER_CORE = 4;

    private final LoadOptions options;
    private final Sources sources;
    private final @Nullable Security security;

    ThreadCrew(LoadOptions options, Sources sources) {
        this.options = options;
        this.sources = sources;
        this.security =
                options.target().scheme().isSecure() ? Security.client(options.insecure()) : null;
    }

    @Override
    public int lanes() {
        return Math.min(
                options.connections(), LANES_PER_CORE * Runtime.getRuntime().availableProcessors());
    }

    @Override
    public Link link(int index) {
        return socket(index);
    }

    @Override
    public Pipe pipe(int index, Supplier<Handlers> handlers) {
        return new SocketPipe(socket(index), handlers);
    }

    private SocketLink socket(int index) {
        return new SocketLink(
                options.target().address(), security, sources.of(index), options.timeout());
    }

    @Override
    public Runnable start(int index, Dialogue dialogue, Runnable body) throws IOException {
        var thread =
                Thread.ofPlatform()
                        .name("load-" + index)
                        .stackSize(STACK_BYTES)
                        .daemon()
                        .unstarted(body);
        try {
            thread.start();
        } catch (OutOfMemoryError e) { // how the JVM says that the system gives it no more threads
            throw new IOException("no more threads (try --mode coroutines): " + e.getMessage(), e);
        }
        return () -> {
            thread.interrupt(); // from a sleep or a latch
            dialogue.close(); // from the socket
        };
    }

    @Override
    public void onBehalfOf(int index, Runnable action) {
        action.run(); // sockets may be closed by anyone
    }

    @Override
    public void close() {
        // its threads end with their workers
    }
}
