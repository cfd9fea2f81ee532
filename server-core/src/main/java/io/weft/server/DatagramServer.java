package io.weft.server;

import io.weft.Causes;
import io.weft.Coroutine;
import io.weft.Deadline;
import io.weft.FailureLog;
import io.weft.Loop;
import io.weft.LoopGroup;
import io.weft.Printable;
import io.weft.WaitQueue;
import io.weft.net.Addresses;
import io.weft.net.Datagram;
import io.weft.net.DatagramEndpoint;
import io.weft.pool.Pool;

import org.jspecify.annotations.Nullable;
import org.slf4j.LoggerFactory;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.SocketAddress;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;

/**
 * Receives datagrams and runs a coroutine for each, on one loop (gevent: DatagramServer). Any
 * thread.
 *
 * <p>Handlers have the context class loader of who made the server, and else nothing of anybody's.
 *
 * <p>Differences from gevent: the handler answers by {@link Datagram#reply}; a full server leaves
 * datagrams in the kernel's buffer, as with gevent's pool. Killed with its server are only the
 * handlers in a pool, not what else runs there.
 */
public final class DatagramServer implements AutoCloseable {
    /** How long {@link #close()} lets handlers end by themselves (gevent: stop_timeout). */
    private static final Duration STOP_TIMEOUT = Duration.ofSeconds(1);

    private static final Duration KILL_GRACE = Duration.ofSeconds(5);

    private final DatagramHandler handler;
    private final @Nullable ClassLoader classes = Thread.currentThread().getContextClassLoader();
    private final int most;
    private final @Nullable Pool pool;
    private final Loop loop;
    private final DatagramEndpoint endpoint;
    private final Coroutine<?> receiver;
    private final CountDownLatch stopped = new CountDownLatch(1);
    private final Set<Coroutine<?>> handlers = ConcurrentHashMap.newKeySet();
    private final WaitQueue waiters = new WaitQueue();

    // guarded by waiters
    private int running;
    private int stoppers; // of these, who wait for the others

    DatagramServer(DatagramServerBuilder builder, SocketAddress address) throws IOException {
        Loop current = builder.loop == null ? Loop.current() : builder.loop;
        this.handler = builder.handler;
        this.most = builder.maxHandlers;
        this.pool = builder.pool;
        this.loop = current == null ? LoopGroup.shared().next() : current;
        this.endpoint = DatagramEndpoint.bind(address, builder.options, loop);
        this.receiver = loop.spawnDetached("datagram server", this::receiveAll);
    }

    /** A server that receives on {@code address}, as {@link Addresses#parse} reads it. */
    public static DatagramServer bind(String address, DatagramHandler handler) throws IOException {
        return builder(handler).listen(address).bind();
    }

    /** For everything that {@link #bind} does not ask for. */
    public static DatagramServerBuilder builder(DatagramHandler handler) {
        return new DatagramServerBuilder(handler);
    }

    private @Nullable Void receiveAll() throws InterruptedException {
        Thread.currentThread().setContextClassLoader(classes); // and the handlers' after it
        while (endpoint.isOpen()) {
            awaitFewer(most, Deadline.NEVER);
            if (pool != null) {
                pool.waitAvailable(); // takes no place, which an idle server would hold for ever
            }
            try {
                begin(endpoint.receive());
            } catch (InterruptedIOException e) {
                throw interrupted(e);
            } catch (IOException e) {
                if (endpoint.isOpen()) { // a peer that is unreachable, for example
                    LoggerFactory.getLogger(DatagramServer.class)
                            .warn("receiving on {} goes on after {}", endpoint, Printable.of(e));
                }
            }
        }
        return null;
    }

    private static InterruptedException interrupted(Throwable e) {
        InterruptedException known = Causes.find(e, InterruptedException.class);
        return known == null ? new InterruptedException(e.getMessage()) : known;
    }

    private void begin(Datagram datagram) throws InterruptedException {
        var coroutine = new Coroutine<@Nullable Void>(loop, "datagram", () -> handle(datagram));
        if (pool != null) {
            pool.add(coroutine); // which waits if another was quicker
        }
        waiters.lock();
        running++;
        waiters.unlock();
        handlers.add(coroutine);
        coroutine.link(this::ended);
        coroutine.start();
    }

    private @Nullable Void handle(Datagram datagram) throws InterruptedException {
        try {
            handler.handle(datagram);
        } catch (Throwable e) {
            if (Coroutine.isKill(e)) {
                throw interrupted(e); // which its coroutine expects
            }
            FailureLog.error(
                    LoggerFactory.getLogger(DatagramServer.class), "the handler of " + datagram, e);
        }
        return null;
    }

    private void ended(Coroutine<?> coroutine) {
        handlers.remove(coroutine);
        waiters.lock();
        try {
            running--;
            waiters.wakeAll();
        } finally {
            waiters.unlock();
        }
    }

    /** False if the deadline came before fewer than {@code count} handlers were running. */
    private boolean awaitFewer(int count, long deadline) throws InterruptedException {
        waiters.lock();
        try {
            while (running - stoppers >= count) {
                if (!waiters.await(deadline, this)) {
                    return running - stoppers < count;
                }
            }
            return true;
        } finally {
            waiters.unlock();
        }
    }

    /** Waits until the server is stopped (gevent: serve_forever). */
    public void serveForever() throws InterruptedException {
        stopped.await();
    }

    /**
     * Receives no more, waits up to {@code timeout} for the handlers to end, closes the endpoint,
     * and kills the handlers that are left. A datagram that waits for a place in the pool is
     * dropped. A handler that calls this is not waited for, nor killed. Interrupted, it does not
     * wait any longer.
     *
     * @return whether all ended by themselves
     */
    public boolean stop(Duration timeout) throws InterruptedException {
        long deadline = Deadline.in(timeout);
        Coroutine<?> caller = Coroutine.current();
        boolean inside = caller != null && handlers.contains(caller);
        boolean quiet = false;
        enterStop(inside ? 1 : 0);
        try {
            receiver.kill();
            receiver.join(); // it may be about to begin one more
            quiet = awaitFewer(1, deadline);
            if (!quiet) {
                killHandlersBut(caller);
                awaitFewer(1, Deadline.in(KILL_GRACE));
            }
            return quiet;
        } finally {
            if (!quiet) {
                killHandlersBut(caller);
            }
            enterStop(inside ? -1 : 0);
            endpoint.close();
            stopped.countDown();
        }
    }

    /** So many more of the handlers wait for the others to end. */
    private void enterStop(int handlersMore) {
        waiters.lock();
        stoppers += handlersMore;
        waiters.wakeAll();
        waiters.unlock();
    }

    private void killHandlersBut(@Nullable Coroutine<?> caller) {
        for (var handler : handlers) {
            if (handler != caller) {
                handler.kill();
            }
        }
    }

    /** As {@link #stop(Duration)} with one second. Does nothing the second time. */
    @Override
    public void close() {
        if (stopped.getCount() == 0) {
            return;
        }
        try {
            stop(STOP_TIMEOUT);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Where it receives, with the port that the system chose; null once it is closed. */
    public @Nullable SocketAddress address() {
        return endpoint.localAddress();
    }

    /** Sends from the server's own address, also what is no reply. */
    public DatagramEndpoint endpoint() {
        return endpoint;
    }

    /** How many datagrams are being handled. */
    public int handlerCount() {
        waiters.lock();
        try {
            return running;
        } finally {
            waiters.unlock();
        }
    }

    @Override
    public String toString() {
        return "server of " + endpoint + ", " + handlerCount() + " handlers";
    }
}
