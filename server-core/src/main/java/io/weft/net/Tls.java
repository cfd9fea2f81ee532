package io.weft.net;

import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler;
import io.netty.handler.ssl.SniHandler;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslHandler;
import io.netty.util.AttributeKey;
import io.netty.util.Mapping;
import io.weft.Weft;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.time.Duration;
import java.util.concurrent.ExecutionException;

import javax.net.ssl.SSLException;

/**
 * Certificates and rules for TLS 1.2 and 1.3, for one side. Made by {@link TlsBuilder}, for any
 * thread and any number of connections. Nothing of it changes but by {@link #reload()}.
 */
public final class Tls {
    /**
     * What was in the files.
     *
     * @param byName null if there is one certificate only
     */
    record Contexts(
            SslContext unnamed, @Nullable Mapping<? super String, ? extends SslContext> byName) {}

    /** Of a client's first message, which is kept until it is whole (OpenSSL: 128 KiB). */
    private static final int MOST_HELLO = 64 * 1024;

    /** As Netty. */
    private static final Duration HANDSHAKE_TIMEOUT = Duration.ofSeconds(10);

    private static final AttributeKey<Boolean> UNEXPECTED_END_IGNORED =
            AttributeKey.valueOf(Tls.class, "unexpected end ignored");

    private final TlsBuilder files;
    private volatile Contexts contexts;

    Tls(TlsBuilder files) throws IOException {
        this.files = files;
        this.contexts = files.read();
    }

    /** For a server; it needs {@link TlsBuilder#certificate}. */
    public static TlsBuilder server() {
        return new TlsBuilder(true);
    }

    /** For a client; trusts the JDK's certificate authorities unless told otherwise. */
    public static TlsBuilder client() {
        return new TlsBuilder(false);
    }

    /**
     * Reads all files again, for the handshakes that begin from now on; connections that are there
     * keep what they have agreed on, and none of their sessions is taken up again by a new one.
     * Waits for a disk: a coroutine that must not hold its loop has a {@code ThreadPool} do it.
     *
     * @throws IOException as {@link TlsBuilder#build}; then nothing has changed
     */
    public void reload() throws IOException {
        contexts = files.read();
    }

    /** A handler for one accepted channel. */
    public ChannelHandler newHandler(Channel channel) {
        Contexts now = contexts;
        mark(channel);
        if (now.byName != null) {
            return new SniHandler(now.byName, MOST_HELLO, handshakeLimit().toMillis()) {
                @Override
                protected SslHandler newSslHandler(SslContext chosen, ByteBufAllocator allocator) {
                    return limited(new OneHandshake(chosen.newEngine(allocator)), handshakeLimit());
                }
            };
        }
        return limited(new OneHandshake(now.unnamed.newEngine(channel.alloc())), handshakeLimit());
    }

    /**
     * A handler for one channel that is going to be connected.
     *
     * @param timed whether there is a limit already, which the handshake has a part in
     */
    ChannelHandler newHandler(Channel channel, String host, SocketAddress address, boolean timed) {
        SslContext context = contexts.unnamed;
        mark(channel);
        int port = address instanceof InetSocketAddress inet ? inet.getPort() : 0;
        var handler =
                limited(
                        host.isEmpty()
                                ? context.newHandler(channel.alloc())
                                : context.newHandler(channel.alloc(), host, port),
                        timed && files.handshakeTimeout == null ? Duration.ZERO : handshakeLimit());
        var parameters = handler.engine().getSSLParameters();
        parameters.setEndpointIdentificationAlgorithm(files.verifiesHost() ? "HTTPS" : "");
        handler.engine().setSSLParameters(parameters);
        return handler;
    }

    private void mark(Channel channel) {
        if (files.ignoreUnexpectedEnd) {
            channel.attr(UNEXPECTED_END_IGNORED).set(true);
        }
    }

    /** Whether {@code channel} is one of those for which {@link TlsBuilder#ignoreUnexpectedEnd}. */
    static boolean ignoresUnexpectedEnd(Channel channel) {
        return channel.hasAttr(UNEXPECTED_END_IGNORED);
    }

    private static SslHandler limited(SslHandler handler, Duration limit) {
        handler.setHandshakeTimeoutMillis(limit.toMillis());
        return handler;
    }

    private Duration handshakeLimit() {
        Duration given = files.handshakeTimeout;
        return given != null ? given : HANDSHAKE_TIMEOUT;
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
