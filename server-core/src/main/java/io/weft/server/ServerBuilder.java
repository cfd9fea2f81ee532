package io.weft.server;

import io.netty.channel.ChannelOption;
import io.weft.LoopGroup;
import io.weft.net.Addresses;
import io.weft.net.Connection;
import io.weft.net.ProxyHeader;
import io.weft.net.Tls;
import io.weft.pool.Pool;
import io.weft.pool.ThreadPool;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.net.SocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Predicate;

/** Gathers what a {@link StreamServer} is made of. Not thread-safe. */
public final class ServerBuilder {
    /**
     * As many as gevent's default of its HTTP server's listeners and nginx's order of magnitude
     * (511).
     */
    static final int BACKLOG = 1024;

    final ConnectionHandler handler;
    final List<SocketAddress> addresses = new ArrayList<>();
    final Map<ChannelOption<?>, Object> options = new LinkedHashMap<>();
    @Nullable LoopGroup group;
    @Nullable Tls tls;
    @Nullable Consumer<Connection> codec;
    @Nullable Pool pool;
    @Nullable Predicate<SocketAddress> proxies;
    Duration proxyHeaderTime = ProxyHeader.LIMIT;
    int maxConnections = Integer.MAX_VALUE;
    int backlog = BACKLOG;
    boolean reusePort;

    ServerBuilder(ConnectionHandler handler) {
        this.handler = handler;
    }

    /** One more address to listen on, as {@link Addresses#parse} reads it. */
    public ServerBuilder listen(String address) {
        return listen(Addresses.parse(address));
    }

    /** One more address to listen on. */
    public ServerBuilder listen(SocketAddress address) {
        addresses.add(address);
        return this;
    }

    /**
     * The loops to run on, which stay the caller's to close; by default the server makes one per
     * core.
     */
    public ServerBuilder group(LoopGroup loops) {
        group = loops;
        return this;
    }

    /** Protects all connections by TLS. */
    public ServerBuilder tls(@Nullable Tls server) {
        tls = server;
        return this;
    }

    /**
     * Called on the hub for each connection before its first byte, to add handlers of Netty's to it
     * ({@link Connection#codec}); must not block.
     */
    public ServerBuilder codec(Consumer<Connection> setup) {
        codec = setup;
        return this;
    }

    /**
     * Whether each connection begins with a header of the PROXY protocol, version 1 or 2, before
     * TLS and all else; it tells {@link Connection#remoteAddress} and {@link
     * Connection#localAddress}. One that does not, within ten seconds, is closed. Anybody who can
     * connect can then say who he is. Off by default.
     */
    public ServerBuilder proxyProtocol(boolean expected) {
        proxies = expected ? peer -> true : null;
        return this;
    }

    /**
     * As {@link #proxyProtocol(boolean)}, of these peers. Others speak for themselves: a header of
     * theirs is none, but the first bytes for the handler, or for TLS, to make sense of. Asked on
     * the hub, about the JDK's kinds of addresses.
     */
    public ServerBuilder proxyProtocol(Predicate<SocketAddress> trusted) {
        proxies = trusted;
        return this;
    }

    /** For tests: how long a header may take. */
    ServerBuilder proxyHeaderTime(Duration limit) {
        proxyHeaderTime = limit;
        return this;
    }

    /**
     * With so many connections it stops accepting until one closes (gevent: spawn=N). Unlimited by
     * default.
     */
    public ServerBuilder maxConnections(int most) {
        if (most < 1) {
            throw new IllegalArgumentException(
                    "a server needs room for at least one connection, but got " + most);
        }
        maxConnections = most;
        return this;
    }

    /**
     * Runs the handlers in {@code members}, each in a place of its own from accept to its end
     * (gevent: spawn=Pool). A full pool, whoever has filled it, stops accepting until a place is
     * free; those who wait to spawn there come first. Killing the pool kills the handlers, stopping
     * the server only its own. On whatever loops the pool starts other coroutines, a handler runs
     * on its connection's.
     *
     * @throws IllegalArgumentException if it is a pool of threads, which cannot run a handler
     */
    public ServerBuilder pool(Pool members) {
        if (members instanceof ThreadPool) {
            throw new IllegalArgumentException(
                    "a handler runs on its connection's loop: expected a Pool, but got a"
                            + " ThreadPool; let the handler give its work to that");
        }
        pool = members;
        return this;
    }

    /**
     * How many connections the kernel keeps waiting; 1024 by default, and no more than the system
     * allows.
     */
    public ServerBuilder backlog(int connections) {
        backlog = connections;
        return this;
    }

    /**
     * Lets other processes listen on the same port; the kernel then spreads connections among them
     * (SO_REUSEPORT). Where one takes the place of another, hardly anybody is turned away while it
     * stops, which takes a moment longer for that, 0.3 s at the most; a few may wait a second until
     * they are let in.
     */
    public ServerBuilder reusePort(boolean shared) {
        reusePort = shared;
        return this;
    }

    /** A socket option of the listeners, set before they bind. */
    public <T> ServerBuilder option(ChannelOption<T> option, T value) {
        options.put(option, value);
        return this;
    }

    /**
     * Listens and accepts from now on.
     *
     * @throws IOException if it cannot listen on one of the addresses; the message says why
     */
    public StreamServer bind() throws IOException {
        if (addresses.isEmpty()) {
            throw new IllegalStateException("a server needs an address to listen on");
        }
        return new StreamServer(this);
    }
}
