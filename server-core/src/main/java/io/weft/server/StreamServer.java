package io.weft.server;

import io.netty.channel.Channel;
import io.weft.Deadline;
import io.weft.Loop;
import io.weft.LoopGroup;
import io.weft.OutOfMemory;
import io.weft.Printable;
import io.weft.net.Addresses;
import io.weft.net.Channels;
import io.weft.net.Connection;
import io.weft.net.ProxyHeader;
import io.weft.net.Tls;

import org.jspecify.annotations.Nullable;
import org.slf4j.LoggerFactory;

import java.io.IOException;
import java.net.SocketAddress;
import java.net.UnixDomainSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CountDownLatch;
import java.util.function.Consumer;
import java.util.function.Predicate;

/**
 * Accepts connections and runs a coroutine for each (gevent: StreamServer). The connections are
 * spread over all loops of a group in turn, past those that a handler holds; each stays on its
 * loop. They are accepted on a loop of the group's that does nothing else ({@link
 * LoopGroup#acceptor}). Any thread.
 *
 * <p>Stopping has three steps: {@link #stop(Duration)} closes the listeners, waits until the
 * connections have ended by themselves, and kills the handlers that are left.
 *
 * <p>Handlers have the context class loader of who made the server, and else nothing of anybody's:
 * no inheritable locals, nothing of {@link io.weft.Contexts}.
 *
 * <p>Differences from gevent: all cores are used; several listeners may be served by one server; a
 * full server stops accepting, as with gevent's pool. Killed with its server are only the handlers
 * in a pool, not what else runs there.
 */
public final class StreamServer implements AutoCloseable {
    /** How long {@link #close()} lets connections end by themselves (gevent: stop_timeout). */
    private static final Duration STOP_TIMEOUT = Duration.ofSeconds(1);

    /**
     * How long a handler that is killed may take to end, and a connection that is cut (gevent: the
     * same second).
     */
    private static final Duration KILL_GRACE = Duration.ofSeconds(1);

    /**
     * How long a connection that has just come, or was in use just now, may take to say what it
     * wants when its server stops; others end at once (nginx: keepalive_min_timeout).
     */
    public static final Duration LAST_CALL = Duration.ofMillis(500);

    /** The other end of a Unix socket. */
    private static final SocketAddress NAMELESS = UnixDomainSocketAddress.of("");

    final ConnectionHandler handler;
    final @Nullable ClassLoader classes = Thread.currentThread().getContextClassLoader();
    private final LoopGroup group;
    private final @Nullable LoopGroup ownGroup;
    final @Nullable Tls tls;
    private final @Nullable Consumer<Connection> codec;
    private final @Nullable Predicate<SocketAddress> proxies;
    private final Duration proxyHeaderTime;
    final Connections connections;
    private final Dispatcher dispatcher;
    final Prologues prologues = new Prologues(LAST_CALL);
    private final @Nullable Doorman<Service> doorman;
    private final List<Listener> listeners = new ArrayList<>();
    private final CountDownLatch stopped = new CountDownLatch(1);
    private final Tally full = Tally.ofWarnings(LoggerFactory.getLogger(Connections.class));
    private volatile boolean accepting;
    private volatile boolean stopping;

    StreamServer(ServerBuilder builder) throws IOException {
        this.handler = builder.handler;
        this.ownGroup = builder.group == null ? LoopGroup.create() : null;
        this.group = builder.group == null ? Objects.requireNonNull(ownGroup) : builder.group;
        this.tls = builder.tls;
        this.codec = builder.codec;
        this.proxies = builder.proxies;
        this.proxyHeaderTime = builder.proxyHeaderTime;
        this.connections =
                new Connections(builder.maxConnections, this::dispatch, this::fullChanged);
        this.dispatcher = new Dispatcher(group, this::updateListeners);
        this.doorman =
                builder.pool == null
                        ? null
                        : new Doorman<>(
                                builder.pool,
                                group::acceptor,
                                this::enter,
                                this::refuse,
                                this::fullChanged);
        try {
            for (SocketAddress address : builder.addresses) {
                listeners.add(
                        Listener.bind(
                                group.acceptor(),
                                address,
                                builder,
                                this::mayAccept,
                                connections::admit));
            }
        } catch (Throwable e) {
            listeners.forEach(Listener::close);
            if (ownGroup != null) {
                ownGroup.close();
            }
            throw e;
        }
        startAccepting();
    }

    /**
     * A server on all cores that listens on {@code address}, as {@link Addresses#parse} reads it,
     * and accepts from now on.
     *
     * @throws IOException if it cannot listen there; the message says why
     */
    public static StreamServer bind(String address, ConnectionHandler handler) throws IOException {
        return builder(handler).listen(address).bind();
    }

    /** For everything that {@link #bind} does not ask for. */
    public static ServerBuilder builder(ConnectionHandler handler) {
        return new ServerBuilder(handler);
    }

    private boolean mayAccept() {
        return accepting
                && !connections.isFull()
                && (doorman == null || !doorman.isFull())
                && dispatcher.isAnyPresent();
    }

    /** On the hub of the acceptor, or of a connection that makes room. */
    private void dispatch(Channel channel) {
        Runnable refuse = () -> refuse(channel);
        if (doorman == null) {
            dispatcher.dispatch(loop -> begin(new Service(this, loop), channel), refuse);
        } else {
            // in the pool's line one stands as who runs on some loop, and is bound to it
            dispatcher.choose(loop -> doorman.admit(new Service(this, loop), channel), refuse);
        }
    }

    /** There is a place in the pool. On any thread. */
    private void enter(Service service, Channel channel) {
        dispatcher.dispatch(
                service.loop(), loop -> begin(service, channel), () -> refuse(service, channel));
    }

    private void refuse(Service service, Channel channel) {
        service.kill(); // if it is in a pool, it leaves it
        refuse(channel);
    }

    private void refuse(Channel channel) {
        channel.unsafe().closeForcibly();
        connections.closed(null);
    }

    /** On the hub of the connection's loop. */
    private void begin(Service service, Channel channel) {
        Loop loop = service.loop();
        Connection connection;
        try {
            connection =
                    Channels.initialise(
                            loop,
                            channel,
                            tls == null ? null : tls.newHandler(channel),
                            proxies == null ? codec : codecBehind(proxies, channel));
            if (hasPrologue()) {
                prologues.expect(connection);
            }
        } catch (Throwable e) { // of the codec, or of who is asked for certificates
            OutOfMemory.noticed(e);
            LoggerFactory.getLogger(StreamServer.class)
                    .warn("cannot begin connection {}: {}", channel, Printable.of(e));
            refuse(service, channel);
            return;
        }
        channel.closeFuture().addListener(_ -> connections.closed(connection));
        loop.eventLoop()
                .register(channel)
                .addListener(
                        registered -> {
                            if (registered.isSuccess()) {
                                start(service, connection);
                            } else {
                                service.kill(); // Netty has closed the channel
                            }
                        });
    }

    private @Nullable Consumer<Connection> codecBehind(
            Predicate<SocketAddress> trusted, Channel channel) {
        SocketAddress peer = Channels.toJdk(channel.remoteAddress());
        if (!trusted.test(peer == null ? NAMELESS : peer)) {
            return codec;
        }
        return connection -> {
            ProxyHeader.expect(connection, proxyHeaderTime);
            if (codec != null) {
                codec.accept(connection);
            }
        };
    }

    private void start(Service service, Connection connection) {
        if (!connection.channel().isOpen()) {
            service.kill(); // its codec has closed it, and it is or will be counted out
            return;
        }
        if (doorman != null) {
            service.link(_ -> connections.endedWithout(connection)); // the pool may be killed
        }
        service.connection = connection;
        connections.handle(connection, service.start());
    }

    /** Whether something comes before the handler's first byte. */
    boolean hasPrologue() {
        return proxies != null || tls != null;
    }

    /** On any thread. */
    private void fullChanged() {
        if (connections.isFull()) {
            full.add(
                    this
                            + ", and may have no more (maxConnections, --worker-connections):"
                            + " others wait in the kernel's backlog");
        } else if (doorman != null && doorman.isFull()) {
            full.add(this + ", and its pool has no place left: others wait until there is one");
        }
        updateListeners();
    }

    private void updateListeners() {
        listeners.forEach(Listener::update);
    }

    /** Accepts again after {@link #stopAccepting()}. */
    public void startAccepting() {
        accepting = true;
        updateListeners();
    }

    /** Accepts no more; new connections wait in the kernel's backlog. */
    public void stopAccepting() {
        accepting = false;
        updateListeners();
    }

    /** Waits until the server is stopped (gevent: serve_forever). */
    public void serveForever() throws InterruptedException {
        stopped.await();
    }

    /**
     * Closes the listeners behind the last that waits in the kernel's backlog, waits up to {@code
     * timeout} for the connections and their handlers to end, also for those whose client has gone,
     * and kills the handlers that are left; those that ignore this for a second are killed again,
     * and their connections cut. A connection that has yet to say all of TLS or PROXY is cut when
     * nothing of it has come for {@link #LAST_CALL}. It returns two seconds after {@code timeout}
     * at the latest, whatever holds the loops, or three with loops of its own. May be called again,
     * for example with less patience.
     *
     * <p>A handler that stops its own server is neither waited for nor killed: it may still send an
     * answer and return. Loops that the server has made itself end after that.
     *
     * @return whether all ended by themselves
     */
    public boolean stop(Duration timeout) throws InterruptedException {
        return stop(timeout, KILL_GRACE);
    }

    boolean stop(Duration timeout, Duration killGrace) throws InterruptedException {
        long deadline = Deadline.in(timeout);
        stopping = true;
        if (hasPrologue()) {
            prologues.stop(group.acceptor());
        }
        listeners.forEach(Listener::close);
        for (Listener listener : listeners) {
            listener.awaitClosed();
        }
        connections.shut();
        boolean quiet = connections.awaitNone(deadline);
        if (doorman != null) {
            doorman.shut();
        }
        if (!quiet) {
            connections.refuseHeld();
            dispatcher.refuseAll();
            connections.killAll();
            if (!connections.awaitNone(Deadline.in(killGrace))) {
                connections.abortAll(); // by the hub: as soon as nobody holds the loop
                connections.killAll(); // again: some may not have taken it for what it was
                connections.awaitClosed(Deadline.in(KILL_GRACE));
            }
        }
        endLoops();
        ended();
        return quiet;
    }

    private void ended() {
        prologues.flush();
        full.flush();
        stopped.countDown();
    }

    private void endLoops() throws InterruptedException {
        LoopGroup own = ownGroup;
        if (own == null) {
            return;
        }
        if (connections.isHandler()) {
            connections.afterLast(() -> own.shutDown(KILL_GRACE));
        } else {
            own.shutDown(KILL_GRACE);
            own.awaitEnd(KILL_GRACE);
        }
    }

    /** As {@link #stop(Duration)} with one second. */
    @Override
    public void close() {
        try {
            stop(STOP_TIMEOUT);
        } catch (InterruptedException e) {
            connections.refuseHeld();
            dispatcher.refuseAll();
            connections.killAll();
            connections.abortAll();
            if (ownGroup != null) {
                ownGroup.shutDown(Duration.ZERO);
            }
            ended();
            Thread.currentThread().interrupt();
        }
    }

    /** Where it listens, with the ports that the system chose. */
    public List<SocketAddress> addresses() {
        return listeners.stream().map(Listener::address).toList();
    }

    /** The first of {@link #addresses()}. */
    public SocketAddress address() {
        return addresses().getFirst();
    }

    /** How many connections are open. */
    public int connectionCount() {
        return connections.count();
    }

    /** Whether it has been told to stop. */
    public boolean isStopping() {
        return stopping;
    }

    /** The loops that it runs on. */
    public LoopGroup group() {
        return group;
    }

    @Override
    public String toString() {
        return "server on "
                + addresses().stream().map(Addresses::format).toList()
                + ", "
                + connectionCount()
                + " connections";
    }
}
