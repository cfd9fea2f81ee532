package io.weft.http.h1;

import static org.awaitility.Awaitility.await;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOption;
import io.netty.handler.ssl.util.InsecureTrustManagerFactory;
import io.weft.LoopGroup;
import io.weft.ManualClock;
import io.weft.http.Handler;
import io.weft.http.Limits;
import io.weft.http.Raw;
import io.weft.net.Connection;
import io.weft.net.Tls;
import io.weft.server.StreamServer;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;

import javax.net.ssl.SSLContext;

/**
 * HTTP/1.1 on one loop whose time is the test's, with one connection between small buffers. Used by
 * the test's own thread.
 */
final class TimedSite implements AutoCloseable {
    /** What the kernel shall hold of a response, at most and about. */
    private static final int SMALL_BUFFER = 16 * 1024;

    /** A request that was answered. */
    record Line(int status, long bytes, boolean cut) {}

    final ManualClock clock = new ManualClock();
    final List<Line> log = new CopyOnWriteArrayList<>();
    final Socket client;
    private final LoopGroup group = clock.group(1);
    private final StreamServer server;
    private final CopyOnWriteArrayList<Connection> connections = new CopyOnWriteArrayList<>();
    private final AtomicLong received = new AtomicLong();
    private long sent;

    TimedSite(Handler handler, Limits limits, @Nullable Tls tls) throws Exception {
        RequestLog lines =
                (request, response, nanos) ->
                        log.add(
                                new Line(
                                        response.status(),
                                        response.bytesTransferred(),
                                        response.wasCut()));
        var settings = new Settings(handler, limits, null, Clients.DIRECT, lines, null);
        server =
                StreamServer.builder(
                                connection -> {
                                    connection.option(ChannelOption.SO_SNDBUF, SMALL_BUFFER);
                                    connections.add(connection);
                                    Http1.of(connection, settings).serve();
                                })
                        .listen("127.0.0.1:0")
                        .group(group)
                        .tls(tls)
                        .codec(
                                connection -> {
                                    Http1.prepare(connection, settings);
                                    connection.channel().pipeline().addFirst(new Counting());
                                })
                        .bind();
        client = connect(tls != null);
    }

    private Socket connect(boolean secure) throws Exception {
        var plain = new Socket();
        plain.setReceiveBufferSize(SMALL_BUFFER);
        plain.setSoTimeout((int) Raw.PATIENCE.toMillis());
        plain.connect(new InetSocketAddress("127.0.0.1", port()));
        if (!secure) {
            return plain;
        }
        var context = SSLContext.getInstance("TLS");
        context.init(null, InsecureTrustManagerFactory.INSTANCE.getTrustManagers(), null);
        return context.getSocketFactory().createSocket(plain, "127.0.0.1", port(), true);
    }

    private int port() {
        return ((InetSocketAddress) server.address()).getPort();
    }

    void send(String text) throws IOException {
        sent += text.length();
        client.getOutputStream().write(text.getBytes(StandardCharsets.ISO_8859_1));
        client.getOutputStream().flush();
    }

    /** Returns when the server has read all that was sent, and waits for more. */
    void awaitWaiting() {
        await("a server that waits for the client")
                .atMost(Raw.PATIENCE)
                .until(() -> received.get() == sent && timers() > 0);
    }

    private int timers() throws Exception {
        var loop = group.loops().getFirst();
        return loop.<Integer>call(loop::timerCount);
    }

    /** Lets the time go by, a little at a time, until the client is told something. */
    void advanceUntilToldOf(Duration step) {
        await("a word of the server's")
                .atMost(Raw.PATIENCE)
                .until(
                        () -> {
                            advance(step);
                            return client.getInputStream().available() > 0;
                        });
    }

    void advance(Duration time) {
        clock.advance(time);
    }

    /**
     * Moves the time if there is something {@link #unsent()}, and says how much that is: what the
     * kernel takes after that it takes later, and whoever waits for it is not idle.
     */
    long advanceIfUnsent(Duration time) throws Exception {
        return group.loops()
                .getFirst()
                .call(
                        () -> { // meanwhile the hub does nothing
                            long unsent = connection().unsent();
                            if (unsent > 0) {
                                advance(time);
                            }
                            return unsent;
                        });
    }

    private Connection connection() {
        return connections.getFirst();
    }

    boolean isOpen() {
        return connection().channel().isOpen();
    }

    /** What the server has written and the kernel not taken; 0 before there is a connection. */
    long unsent() throws Exception {
        return connections.isEmpty()
                ? 0
                : group.loops().getFirst().call(() -> connection().unsent());
    }

    @Override
    public void close() throws IOException {
        client.close();
        server.close();
        group.close();
    }

    /** Of what comes from the kernel, before anybody else sees it. */
    private final class Counting extends ChannelInboundHandlerAdapter {
        @Override
        public void channelRead(ChannelHandlerContext context, Object message) {
            int bytes = ((ByteBuf) message).readableBytes();
            context.fireChannelRead(message);
            received.addAndGet(bytes);
        }
    }
}
