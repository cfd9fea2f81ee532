package io.weft.net;

import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler;
import io.netty.handler.ssl.SniHandler;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslHandler;
import io.netty.util.DomainWildcardMappingBuilder;
import io.netty.util.Mapping;
import io.weft.Weft;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ExecutionException;

import javax.net.ssl.SSLException;

/**
 * Certificates and rules for TLS 1.2 and 1.3, for one side. Made by {@link TlsBuilder}; immutable,
 * for any thread and any number of connections.
 */
public final class Tls {
    private final SslContext context;
    private final Mapping<? super String, ? extends SslContext> byName;
    private final boolean hasNames;
    private final boolean verifyHost;
    private final Duration handshakeTimeout;

    Tls(
            SslContext context,
            Map<String, SslContext> names,
            boolean verifyHost,
            Duration handshakeTimeout) {
        this.context = context;
        var mapping = new DomainWildcardMappingBuilder<>(context);
        names.forEach(mapping::add);
        this.byName = mapping.build();
        this.hasNames = !names.isEmpty();
        this.verifyHost = verifyHost;
        this.handshakeTimeout = handshakeTimeout;
    }

    /** For a server; it needs {@link TlsBuilder#certificate}. */
    public static TlsBuilder server() {
        return new TlsBuilder(true);
    }

    /** For a client; trusts the JDK's certificate authorities unless told otherwise. */
    public static TlsBuilder client() {
        return new TlsBuilder(false);
    }

    /** A handler for one accepted channel. */
    public ChannelHandler newHandler(Channel channel) {
        if (hasNames) {
            return new SniHandler(byName, 0, handshakeTimeout.toMillis()) {
                @Override
                protected SslHandler newSslHandler(
                        SslContext chosen, io.netty.buffer.ByteBufAllocator allocator) {
                    return limited(super.newSslHandler(chosen, allocator));
                }
            };
        }
        return limited(context.newHandler(channel.alloc()));
    }

    ChannelHandler newHandler(Channel channel, String host, SocketAddress address) {
        int port = address instanceof InetSocketAddress inet ? inet.getPort() : 0;
        var handler =
                limited(
                        host.isEmpty()
                                ? context.newHandler(channel.alloc())
                                : context.newHandler(channel.alloc(), host, port));
        var parameters = handler.engine().getSSLParameters();
        parameters.setEndpointIdentificationAlgorithm(verifyHost ? "HTTPS" : "");
        handler.engine().setSSLParameters(parameters);
        return handler;
    }

    private SslHandler limited(SslHandler handler) {
        handler.setHandshakeTimeoutMillis(handshakeTimeout.toMillis());
        return handler;
    }

    /**
     * Waits until the handshake of a connection with TLS is done.
     *
     * @throws IOException if it failed or took too long; the message says why
     */
    public static void awaitHandshake(Connection connection)
            throws IOException, InterruptedException {
        try {
            Weft.await(connection.inbound.handshake());
        } catch (ExecutionException e) {
            Throwable cause = e.getCause();
            String reason = cause == null ? "" : String.valueOf(cause.getMessage());
            throw new SSLException("TLS handshake failed on " + connection + ": " + reason, cause);
        }
    }
}
