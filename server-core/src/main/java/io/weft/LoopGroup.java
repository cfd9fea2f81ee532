package io.weft;

import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Several loops, one per core unless told otherwise: gevent's users run one process per core,
 * Weft's one loop. Any thread.
 */
public final class LoopGroup implements AutoCloseable {
    /** How long {@link #close()} waits for killed coroutines to end. */
    private static final Duration CLOSE_GRACE = Duration.ofSeconds(10);

    private static final AtomicInteger GROUPS = new AtomicInteger();

    private final Transport transport;
    private final Clock clock;
    private final String prefix;
    private final List<Loop> loops;
    private final AtomicInteger next = new AtomicInteger();

    // guarded by this
    private @Nullable Loop acceptor;
    private boolean ending;

    LoopGroup(int size, Transport transport, Clock clock) {
        if (size < 1) {
            throw new IllegalArgumentException(
                    "a group needs at least one loop, but " + size + " were asked for");
        }
        VirtualThreads.require();
        boolean _ = Contexts.areTakenAlong(); // it reads files at first, and no loop has time
        this.transport = transport;
        this.clock = clock;
        this.prefix = "weft-" + GROUPS.incrementAndGet() + "-";
        var made = new ArrayList<Loop>(size);
        try {
            for (int i = 0; i < size; i++) {
                made.add(new Loop(this, i, prefix + "loop-" + i, transport, clock));
            }
        } catch (Throwable e) {
            made.forEach(loop -> loop.shutDown(Duration.ZERO));
            throw e;
        }
        this.loops = Collections.unmodifiableList(made);
    }

    /** One loop per available processor, on the preferred transport. */
    public static LoopGroup create() {
        return create(Runtime.getRuntime().availableProcessors());
    }

    /** {@code size} loops, on the preferred transport. */
    public static LoopGroup create(int size) {
        return create(size, Transport.preferred());
    }

    /**
     * As {@link #create(int)}, on a transport of the caller's choice.
     *
     * @throws IllegalArgumentException if the transport is not available here; the message says why
     */
    public static LoopGroup create(int size, Transport transport) {
        return new LoopGroup(size, transport.require(), Clock.SYSTEM);
    }

    /**
     * The group that is used where none is named: one loop per processor, made at first use, never
     * closed.
     */
    public static LoopGroup shared() {
        VirtualThreads.require(); // in the class below it would be an ExceptionInInitializerError
        return Shared.GROUP;
    }

    /** The loop of the running coroutine, or the shared group's next one. */
    static Loop currentOrNext() {
        Loop loop = Loop.current();
        return loop == null ? shared().next() : loop;
    }

    public Transport transport() {
        return transport;
    }

    /** All loops, by index. */
    public List<Loop> loops() {
        return loops;
    }

    /** The loops in turn. */
    public Loop next() {
        return loops.get(Math.floorMod(next.getAndIncrement(), loops.size()));
    }

    /**
     * One more loop of this group, none of {@link #loops()}, on which its servers accept: no
     * handler runs there, so none can keep it (Netty: the parent group). Made when it is first
     * asked for.
     *
     * @throws IllegalStateException if the group has been shut down
     */
    public synchronized Loop acceptor() {
        if (acceptor == null) {
            if (ending) {
                throw new IllegalStateException("the loops of this group have been shut down");
            }
            acceptor = new Loop(this, loops.size(), prefix + "acceptor", transport, clock);
        }
        return acceptor;
    }

    /** The acceptor too, if it was made. */
    synchronized List<Loop> all() {
        var all = new ArrayList<>(loops);
        if (acceptor != null) {
            all.add(acceptor);
        }
        return all;
    }

    /** Starts a coroutine on the next loop. */
    public <T> Coroutine<T> spawn(Callable<T> body) {
        return next().spawn(body);
    }

    /** As {@link #spawn(Callable)}, with a name for dumps and reports. */
    public <T> Coroutine<T> spawn(@Nullable String name, Callable<T> body) {
        return next().spawn(name, body);
    }

    /** As {@link Loop#spawnLater}, on the next loop. */
    public <T extends @Nullable Object> Coroutine<T> spawnLater(Duration delay, Callable<T> body) {
        return next().spawnLater(delay, body);
    }

    /**
     * Begins to end all loops: kills every coroutine, and gives them {@code grace} to end. Does not
     * wait.
     */
    public void shutDown(Duration grace) {
        synchronized (this) {
            ending = true;
        }
        all().forEach(loop -> loop.shutDown(grace));
    }

    /**
     * Waits until all loops have ended. Not from a coroutine of this group, which would wait for
     * itself.
     *
     * @return false if the time was over first
     */
    public boolean awaitEnd(Duration timeout) throws InterruptedException {
        Loop current = Loop.current();
        if (current != null && current.group == this) {
            throw new IllegalStateException(
                    "a coroutine of " + current + " cannot wait for the end of its own loop");
        }
        long deadline = System.nanoTime() + Deadline.nanos(timeout);
        for (Loop loop : all()) {
            long left = deadline - System.nanoTime();
            if (!loop.carrier().join(Duration.ofNanos(Math.max(0, left)))) {
                return false;
            }
        }
        return true;
    }

    /**
     * Shuts down and waits, for at most ten seconds; from a coroutine of this group it does not
     * wait.
     */
    @Override
    public void close() {
        shutDown(CLOSE_GRACE);
        Loop current = Loop.current();
        if (current != null && current.group == this) {
            return;
        }
        try {
            awaitEnd(CLOSE_GRACE.plusSeconds(1));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static final class Shared {
        static final LoopGroup GROUP = create();
    }
}
