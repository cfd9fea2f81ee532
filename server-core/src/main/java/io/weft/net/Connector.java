package io.weft.net;

import io.netty.channel.Channel;
import io.netty.channel.ChannelOption;
import io.weft.Loop;
import io.weft.LoopGroup;
import io.weft.Timeout;
import io.weft.Weft;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.net.ConnectException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.function.Consumer;

/**
 * Opens connections as a client. Set up by one thread, then usable from any. In a coroutine the
 * connection belongs to the coroutine's loop, elsewhere to the next one of the shared group.
 */
public final class Connector {
    private final Map<ChannelOption<?>, Object> options = new LinkedHashMap<>();
    private @Nullable Duration timeout;
    private @Nullable SocketAddress localAddress;
    private @Nullable Tls tls;
    private @Nullable Consumer<Connection> codec;

    /**
     * The limit on look-up, connecting and TLS handshake together, and the only one that strikes
     * before it, a shorter one for the {@linkplain TlsBuilder#handshakeTimeout handshake} aside.
     * Null for none, which is the default: then the kernel gives up an address that says nothing
     * (Linux: after about two minutes, tcp_syn_retries), and the handshake may take ten seconds.
     */
    public Connector timeout(@Nullable Duration limit) {
        timeout = limit;
        return this;
    }

    /** The address to connect from. */
    public Connector localAddress(@Nullable SocketAddress address) {
        localAddress = address;
        return this;
    }

    /**
     * Protects connections by TLS; the host name connected to is verified and sent (SNI, RFC 6066
     * section 3).
     */
    public Connector tls(@Nullable Tls client) {
        tls = client;
        return this;
    }

    /**
     * Puts handlers on each connection before it is connected, by {@link Connection#codec}: for
     * protocols whose messages Netty encodes and decodes. Runs on the connection's loop, once for
     * each address that is tried.
     */
    public Connector codec(@Nullable Consumer<Connection> handlers) {
        codec = handlers;
        return this;
    }

    /** A socket option, set before connecting. */
    public <T> Connector option(ChannelOption<T> option, T value) {
        options.put(option, value);
        return this;
    }

    /**
     * Connects. Of a host with several addresses the one that answers first is taken (RFC 8305):
     * the families in turn, the one that {@code java.net.preferIPv6Addresses} prefers in front, and
     * the next address when the one before has failed, or has said nothing for 250 ms. All others
     * are closed. A TLS handshake follows, with the one that was taken only: if that fails, no
     * other is tried.
     *
     * @throws SocketTimeoutException if the limit was reached, or no name server answers
     * @throws ConnectException if nobody listens there
     * @throws java.net.UnknownHostException if the host has no address
     */
    public Connection connect(SocketAddress address) throws IOException {
        Loop loop = Loop.current();
        try {
            if (loop == null) {
                return LoopGroup.shared().next().call(() -> connectWithin(address));
            }
            loop.checkMayBlock("connect");
            return connectWithin(address);
        } catch (IOException | RuntimeException e) {
            throw e;
        } catch (InterruptedException e) {
            throw Passage.interrupted(e);
        } catch (Exception e) {
            throw new IOException(e);
        }
    }

    private Connection connectWithin(SocketAddress address) throws Exception {
        return Timeout.call(
                timeout,
                () -> connectAny(address),
                expired ->
                        new SocketTimeoutException(
                                "no connection to "
                                        + Addresses.format(address)
                                        + " within "
                                        + timeout));
    }

    private Connection connectAny(SocketAddress address) throws Exception {
        Loop loop = Loop.current();
        if (loop == null) {
            throw new IOException("the loop has ended");
        }
        return address instanceof InetSocketAddress inet
                ? secured(connectToHost(loop, orLocalhost(inet)))
                : secured(connectTo(loop, address, ""));
    }

    private Connection connectToHost(Loop loop, InetSocketAddress address) throws Exception {
        String host = address.getHostString();
        if (!address.isUnresolved()) {
            return connectTo(loop, address, host);
        }
        List<InetSocketAddress> found = Resolver.OF.get(loop).resolve(address);
        return found.size() == 1
                ? connectTo(loop, found.getFirst(), host)
                : HappyEyeballs.connect(found, candidate -> connectTo(loop, candidate, host));
    }

    /** Any address of this machine, as a server has it, is localhost for a client. */
    private static InetSocketAddress orLocalhost(InetSocketAddress address) {
        return !address.isUnresolved() && address.getAddress().isAnyLocalAddress()
                ? InetSocketAddress.createUnresolved("localhost", address.getPort())
                : address;
    }

    private Connection connectTo(Loop loop, SocketAddress address, String host)
            throws IOException, InterruptedException {
        Connection connection = prepared(loop, address, host);
        Channel channel = connection.channel();
        try {
            Weft.await(loop.eventLoop().register(channel));
            SocketAddress target = Channels.toNetty(address, loop);
            var connected =
                    localAddress == null
                            ? channel.connect(target)
                            : channel.connect(target, Channels.toNetty(localAddress, loop));
            Weft.await(connected);
            return connection;
        } catch (ExecutionException e) {
            connection.discard();
            throw Channels.connectFailure(address, e.getCause());
        } catch (Throwable e) {
            connection.discard();
            throw e;
        }
    }

    private Connection prepared(Loop loop, SocketAddress address, String host) throws IOException {
        Channel channel = Channels.open(loop, address);
        try {
            channel.config().setConnectTimeoutMillis(0); // ours is the one that is given
            Channels.setOptions(channel, options);
            return Channels.initialise(
                    loop,
                    channel,
                    tls == null ? null : tls.newHandler(channel, host, address, timeout != null),
                    codec);
        } catch (Throwable e) {
            Channels.discard(loop, channel);
            throw e;
        }
    }

    private Connection secured(Connection connection) throws IOException, InterruptedException {
        if (tls == null) {
            return connection;
        }
        try {
            Tls.awaitHandshake(connection);
            return connection;
        } catch (Throwable e) {
            connection.discard();
            throw e;
        }
    }
}
