package io.weft.net;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.handler.codec.haproxy.HAProxyCommand;
import io.netty.handler.codec.haproxy.HAProxyMessage;
import io.netty.util.NetUtil;
import io.netty.util.ReferenceCountUtil;
import io.netty.util.concurrent.Promise;
import io.weft.Causes;
import io.weft.Timer;
import io.weft.Weft;

import org.jspecify.annotations.Nullable;

import java.io.EOFException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ProtocolException;
import java.net.SocketAddress;
import java.net.SocketTimeoutException;
import java.net.UnixDomainSocketAddress;
import java.net.UnknownHostException;
import java.nio.channels.ClosedChannelException;
import java.nio.charset.StandardCharsets;
import java.nio.file.InvalidPathException;
import java.time.Duration;
import java.util.concurrent.ExecutionException;

/**
 * What a proxy says of its client before the first byte of it (the PROXY protocol, versions 1 and
 * 2, as HAProxy's proxy-protocol.txt has them). Stands behind its decoder at the very beginning of
 * the pipeline, before TLS, and leaves with it when the header has come. Nothing is guessed: who is
 * expected to send a header and sends anything else is cut off. Loop-confined, on the hub.
 */
public final class ProxyHeader extends ChannelInboundHandlerAdapter {
    /** As TLS gives its handshake, of which this is the prologue (Netty: 10 s). */
    public static final Duration LIMIT = Duration.ofSeconds(10);

    /** Bytes of extensions, which are ignored (nginx: 4096 for the whole header). */
    private static final int EXTENSIONS = 4096;

    /** Characters of a malformed header that a message shows: the longest of version 1. */
    private static final int SHOWN = 107;

    private final Connection connection;
    private final Promise<@Nullable Void> arrival;
    private final Timer timer;
    private final Duration limit;
    private boolean failed;
    private volatile @Nullable SocketAddress client;
    private volatile @Nullable SocketAddress server;

    private ProxyHeader(Connection connection, Duration limit) {
        this.connection = connection;
        this.limit = limit;
        this.arrival = connection.loop().eventLoop().newPromise();
        this.timer =
                new Timer(connection.loop()) {
                    @Override
                    protected void fire() {
                        fail(
                                new SocketTimeoutException(
                                        "it did not come within " + limit.toSeconds() + " s"));
                    }
                };
    }

    /** Has a connection that is being made begin with a header, within {@code limit}. */
    public static void expect(Connection connection, Duration limit) {
        var header = new ProxyHeader(connection, limit);
        connection.inbound.proxyHeader = header;
        connection.channel().pipeline().addFirst(new ProxyHeaderDecoder(EXTENSIONS), header);
    }

    /**
     * Waits until the header of a connection has come, if it begins with one.
     *
     * @throws DisconnectedException if the peer has gone before, as one does that only looks
     *     whether anybody is there
     * @throws ProtocolException if it was malformed, or did not come in time; the message says why
     */
    public static void await(Connection connection) throws IOException, InterruptedException {
        ProxyHeader header = connection.inbound.proxyHeader;
        if (header == null) {
            return;
        }
        try {
            Weft.await(header.arrival);
        } catch (ExecutionException e) {
            Throwable cause = e.getCause();
            String reason = cause == null ? "" : String.valueOf(cause.getMessage());
            String message = "expected a PROXY header on " + connection + ": " + reason;
            throw cause instanceof DisconnectedException
                    ? new DisconnectedException(connection, message, cause)
                    : new ProtocolException(message);
        }
    }

    /** The other end as the proxy sees it; null if it did not say. Any thread. */
    @Nullable SocketAddress client() {
        return client;
    }

    /** This end, as the client sees it; null if the proxy did not say. Any thread. */
    @Nullable SocketAddress server() {
        return server;
    }

    @Override
    public void handlerAdded(ChannelHandlerContext context) {
        timer.schedule(timer.loop().nanoTime() + limit.toNanos());
    }

    @Override
    public void handlerRemoved(ChannelHandlerContext context) {
        timer.cancel();
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        try {
            if (!failed && message instanceof HAProxyMessage header) {
                take(header);
                context.pipeline().remove(this); // as the decoder does now
                arrival.trySuccess(null);
            }
        } catch (IOException e) {
            fail(e);
        } finally {
            ReferenceCountUtil.release(message);
        }
    }

    private void take(HAProxyMessage header) throws IOException {
        if (header.command() == HAProxyCommand.LOCAL) {
            return; // the proxy speaks for itself, as in a health check
        }
        switch (header.proxiedProtocol()) {
            case UNKNOWN -> {}
            case TCP4, TCP6 -> {
                client = inet(header.sourceAddress(), header.sourcePort());
                server = inet(header.destinationAddress(), header.destinationPort());
            }
            case UNIX_STREAM -> {
                client = unix(header.sourceAddress());
                server = unix(header.destinationAddress());
            }
            default ->
                    throw new ProtocolException(
                            "a stream has no addresses of " + header.proxiedProtocol());
        }
    }

    private static SocketAddress inet(@Nullable String host, int port) throws IOException {
        byte[] address = host == null ? null : NetUtil.createByteArrayFromIpAddressString(host);
        if (address == null) {
            throw new UnknownHostException(
                    "'" + Quoted.text(String.valueOf(host), SHOWN) + "' is no address");
        }
        return new InetSocketAddress(InetAddress.getByAddress(address), port);
    }

    /** Netty has made one character of each byte. What cannot be named here is without a name. */
    private static SocketAddress unix(@Nullable String octets) {
        byte[] path = octets == null ? new byte[0] : octets.getBytes(StandardCharsets.ISO_8859_1);
        try {
            return UnixDomainSocketAddress.of(new String(path, StandardCharsets.UTF_8));
        } catch (InvalidPathException e) {
            return UnixDomainSocketAddress.of("");
        }
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext context, Object event) {
        if (event instanceof ChannelInputShutdownEvent) {
            gone("the peer ended the connection", new EOFException());
        }
        context.fireUserEventTriggered(event);
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
        gone("the peer closed the connection", new ClosedChannelException());
        context.fireChannelInactive();
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        Throwable root = Causes.of(cause).getLast();
        if (root instanceof IOException) {
            gone(String.valueOf(root.getMessage()), root);
        } else { // it quotes what came
            fail(new ProtocolException(Quoted.text(String.valueOf(root.getMessage()), SHOWN)));
        }
    }

    private void gone(String how, Throwable cause) {
        fail(new DisconnectedException(connection, how, cause));
    }

    private void fail(IOException reason) {
        if (!failed) {
            failed = true;
            timer.cancel();
            arrival.tryFailure(reason);
            connection.abort();
        }
    }
}
