package io.weft.server;

import io.netty.channel.ChannelOption;
import io.weft.Loop;
import io.weft.net.Addresses;
import io.weft.pool.Pool;
import io.weft.pool.ThreadPool;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.net.SocketAddress;
import java.util.LinkedHashMap;
import java.util.Map;

/** Gathers what a {@link DatagramServer} is made of. Not thread-safe. */
public final class DatagramServerBuilder {
    final DatagramHandler handler;
    final Map<ChannelOption<?>, Object> options = new LinkedHashMap<>();
    @Nullable SocketAddress address;
    @Nullable Loop loop;
    @Nullable Pool pool;
    int maxHandlers = Integer.MAX_VALUE;

    DatagramServerBuilder(DatagramHandler handler) {
        this.handler = handler;
    }

    /** Where to receive, as {@link Addresses#parse} reads it. */
    public DatagramServerBuilder listen(String text) {
        return listen(Addresses.parse(text));
    }

    /** Where to receive. */
    public DatagramServerBuilder listen(SocketAddress local) {
        address = local;
        return this;
    }

    /**
     * The loop to run on; by default the caller's, or from a plain thread the next one of the
     * shared group.
     */
    public DatagramServerBuilder loop(Loop where) {
        loop = where;
        return this;
    }

    /**
     * With so many datagrams being handled it receives no more until one is done (gevent: spawn=N).
     * Unlimited by default.
     */
    public DatagramServerBuilder maxHandlers(int most) {
        if (most < 1) {
            throw new IllegalArgumentException(
                    "a server needs room for at least one handler, but got " + most);
        }
        maxHandlers = most;
        return this;
    }

    /**
     * Runs the handlers in {@code members}, each in a place of its own (gevent: spawn=Pool). A full
     * pool, whoever has filled it, stops receiving until a place is free; those who wait to spawn
     * there come first. Killing the pool kills the handlers, stopping the server only its own. On
     * whatever loops the pool starts other coroutines, a handler runs on its server's.
     *
     * @throws IllegalArgumentException if it is a pool of threads, which cannot run a handler
     */
    public DatagramServerBuilder pool(Pool members) {
        if (members instanceof ThreadPool) {
            throw new IllegalArgumentException(
                    "a handler runs on its server's loop: expected a Pool, but got a ThreadPool;"
                            + " let the handler give its work to that");
        }
        pool = members;
        return this;
    }

    /** A socket option, set before binding. */
    public <T> DatagramServerBuilder option(ChannelOption<T> option, T value) {
        options.put(option, value);
        return this;
    }

    /**
     * Receives from now on.
     *
     * @throws IOException if it cannot bind to the address; the message says why
     */
    public DatagramServer bind() throws IOException {
        SocketAddress local = address;
        if (local == null) {
            throw new IllegalStateException("a server needs an address to receive on");
        }
        return new DatagramServer(this, local);
    }
}
