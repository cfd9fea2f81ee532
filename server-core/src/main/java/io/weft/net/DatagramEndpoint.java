package io.weft.net;

import io.netty.channel.Channel;
import io.netty.channel.ChannelException;
import io.netty.channel.ChannelOption;
import io.netty.channel.FixedRecvByteBufAllocator;
import io.weft.Deadline;
import io.weft.Loop;
import io.weft.LoopGroup;
import io.weft.Selectable;
import io.weft.Weft;

import org.jspecify.annotations.Nullable;

import java.io.Closeable;
import java.io.IOException;
import java.net.BindException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.RejectedExecutionException;

/**
 * Sends and receives datagrams over UDP (gevent: a socket of type SOCK_DGRAM). Calls block the
 * coroutine, never its loop. Any number of coroutines and threads may send and receive at the same
 * time; each datagram goes to the one that has waited longest. Calls throw {@link IOException}:
 * {@link java.io.InterruptedIOException} when the coroutine is killed or its {@link
 * io.weft.Timeout} expires, {@link SocketException} when the endpoint is closed.
 *
 * <p>Differences from gevent: a datagram is received whole, so there is no size to give; whoever
 * does not receive for long loses what the kernel's buffer cannot hold, as everywhere with UDP.
 */
public final class DatagramEndpoint implements Closeable, Selectable {
    /** The most that an IP packet can hold. */
    private static final int LARGEST = 64 * 1024;

    /**
     * Datagrams that are waiting.
     *
     * @param size come and not received
     * @param waiting coroutines and threads that wait to receive
     * @param paused whether the socket is not read because too much has come
     */
    public record Statistics(int size, int waiting, boolean paused) {}

    private final Loop loop;
    private final Channel channel;
    private final DatagramInbox inbox;
    private final DatagramOutbox outbox;

    private DatagramEndpoint(Loop loop, Channel channel) {
        this.loop = loop;
        this.channel = channel;
        this.inbox = new DatagramInbox(this);
        this.outbox = new DatagramOutbox(channel);
    }

    /** Binds to {@code address}, as {@link Addresses#parse} reads it. */
    public static DatagramEndpoint bind(String address) throws IOException {
        return bind(Addresses.parse(address), Map.of());
    }

    /**
     * Binds to {@code address}, with socket options that are set before.
     *
     * @throws BindException if it is in use or not one of this machine's
     */
    public static DatagramEndpoint bind(
            SocketAddress address, Map<ChannelOption<?>, Object> options) throws IOException {
        Loop current = Loop.current();
        return bind(address, options, current == null ? LoopGroup.shared().next() : current);
    }

    /** As {@link #bind(SocketAddress, Map)}, on a loop of the caller's choice. */
    public static DatagramEndpoint bind(
            SocketAddress address, Map<ChannelOption<?>, Object> options, Loop loop)
            throws IOException {
        return opened(loop, () -> open(loop, resolve(loop, address), null, options));
    }

    /** Sends to and receives from {@code address} only, from a port that the system chooses. */
    public static DatagramEndpoint connect(String address) throws IOException {
        return connect(Addresses.parse(address));
    }

    /** As {@link #connect(String)}. */
    public static DatagramEndpoint connect(SocketAddress address) throws IOException {
        Loop current = Loop.current();
        Loop loop = current == null ? LoopGroup.shared().next() : current;
        return opened(loop, () -> open(loop, null, resolve(loop, address), Map.of()));
    }

    private static InetSocketAddress resolve(Loop loop, SocketAddress address)
            throws IOException, InterruptedException {
        if (!(address instanceof InetSocketAddress inet)) {
            throw new SocketException(
                    "expected host:port for datagrams, but got " + Addresses.format(address));
        }
        return Resolver.OF.get(loop).resolve(inet).getFirst();
    }

    private static DatagramEndpoint open(
            Loop loop,
            @Nullable InetSocketAddress local,
            @Nullable InetSocketAddress remote,
            Map<ChannelOption<?>, Object> options)
            throws IOException, InterruptedException {
        Channel channel;
        try {
            channel = loop.group().transport().channels().datagram().newChannel();
        } catch (ChannelException e) {
            throw e.getCause() instanceof IOException io ? io : new IOException(e);
        }
        try {
            channel.config().setRecvByteBufAllocator(new FixedRecvByteBufAllocator(LARGEST));
            Channels.setOptions(channel, options);
            var endpoint = new DatagramEndpoint(loop, channel);
            channel.pipeline().addLast(endpoint.inbox);
            Weft.await(loop.eventLoop().register(channel));
            if (local != null) {
                Weft.await(channel.bind(local));
            } else {
                Weft.await(channel.connect(remote));
            }
            return endpoint;
        } catch (ExecutionException e) {
            Channels.discard(loop, channel);
            throw failure(local == null ? remote : local, e.getCause());
        } catch (Throwable e) {
            Channels.discard(loop, channel);
            throw e;
        }
    }

    private static IOException failure(@Nullable SocketAddress address, @Nullable Throwable cause) {
        var exception =
                new BindException(
                        "no datagrams on "
                                + Addresses.format(address)
                                + ": "
                                + (cause == null ? "?" : cause.getMessage()));
        exception.initCause(cause);
        return exception;
    }

    /**
     * Sends to {@code target}, whose host is looked up cooperatively if it has to be. Waits until
     * the kernel has taken the datagram, which says nothing about its arrival.
     *
     * @throws IOException if the system refuses it, for example because it is too large
     */
    public void send(byte[] bytes, SocketAddress target) throws IOException {
        onLoop(
                () -> {
                    sendHere(bytes, resolve(loop, target));
                    return true;
                });
    }

    /** As {@link #send(byte[], SocketAddress)}, in UTF-8. */
    public void send(String text, SocketAddress target) throws IOException {
        send(text.getBytes(StandardCharsets.UTF_8), target);
    }

    /** Sends to the address that this is connected to. */
    public void send(byte[] bytes) throws IOException {
        if (remoteAddress() == null) {
            throw new SocketException(
                    this + " is not connected; say where to send to, or open it by connect(...)");
        }
        onLoop(
                () -> {
                    sendHere(bytes, null);
                    return true;
                });
    }

    /** As {@link #send(byte[])}, in UTF-8. */
    public void send(String text) throws IOException {
        send(text.getBytes(StandardCharsets.UTF_8));
    }

    private void sendHere(byte[] bytes, @Nullable InetSocketAddress target)
            throws IOException, InterruptedException {
        loop.checkMayBlock("send");
        if (bytes.length == 0) {
            // Netty would say that it has, and has not
            throw new IllegalArgumentException("a datagram to send needs at least one byte");
        }
        if (!isOpen()) {
            throw new SocketException(this + " is closed");
        }
        var sent = outbox.add(bytes, target);
        loop.onHub(outbox);
        try {
            Weft.await(sent);
        } catch (ExecutionException e) {
            Throwable cause = e.getCause();
            throw new SocketException(
                    "cannot send "
                            + bytes.length
                            + " bytes from "
                            + this
                            + ": "
                            + (cause == null ? "?" : cause.getMessage()),
                    e);
        }
    }

    /** Waits for a datagram. */
    @SuppressWarnings("NullAway") // null only at a deadline, and there is none
    public Datagram receive() throws IOException {
        loop.checkMayBlock("receive");
        return inbox.receive(Deadline.NEVER);
    }

    /** Waits for a datagram; null if the time was over first. */
    public @Nullable Datagram receive(Duration timeout) throws IOException {
        loop.checkMayBlock("receive");
        return inbox.receive(Deadline.in(timeout));
    }

    /** A datagram that has come already; null if there is none. */
    public @Nullable Datagram tryReceive() throws IOException {
        return inbox.tryReceive();
    }

    /** Ready while a receive would not wait, be it that it would succeed or fail. */
    @Override
    public void watch(Runnable told) {
        inbox.watch(told);
    }

    @Override
    public void unwatch(Runnable told) {
        inbox.unwatch(told);
    }

    public Statistics statistics() {
        return inbox.statistics();
    }

    /** Sets a socket option of Netty's, for example {@link ChannelOption#SO_BROADCAST}. */
    public <T> DatagramEndpoint option(ChannelOption<T> option, T value) {
        if (!channel.config().setOption(option, value)) {
            throw new IllegalArgumentException(option + " is not an option of " + this);
        }
        return this;
    }

    /** Where it receives, with the port that the system chose. */
    public @Nullable SocketAddress localAddress() {
        return channel.localAddress();
    }

    /** Whom it is connected to; null if to nobody. */
    public @Nullable SocketAddress remoteAddress() {
        return channel.remoteAddress();
    }

    public boolean isOpen() {
        return !inbox.isClosed();
    }

    public Loop loop() {
        return loop;
    }

    /** Closes it; who waits to receive gets a {@link SocketException}. */
    @Override
    public void close() {
        inbox.close();
        onHub(channel::close);
    }

    /** The inbox has room again. */
    void readOn() {
        onHub(() -> channel.config().setAutoRead(true));
    }

    private void onHub(Runnable action) {
        try {
            loop.eventLoop().execute(action);
        } catch (RejectedExecutionException e) {
            // the loop has ended, and its channels with it
        }
    }

    private static DatagramEndpoint opened(Loop loop, Callable<DatagramEndpoint> open)
            throws IOException {
        loop.checkMayBlock("bind");
        return call(loop, open);
    }

    private boolean onLoop(Callable<Boolean> call) throws IOException {
        return call(loop, call);
    }

    private static <T> T call(Loop loop, Callable<T> call) throws IOException {
        try {
            return loop.call(call);
        } catch (CancellationException e) {
            throw new SocketException(loop + " has ended");
        } catch (IOException | RuntimeException e) {
            throw e;
        } catch (InterruptedException e) {
            throw Passage.interrupted(e);
        } catch (Exception e) {
            throw new IOException(e);
        }
    }

    @Override
    public String toString() {
        return "datagrams on "
                + Addresses.format(localAddress())
                + (remoteAddress() == null ? "" : " - " + Addresses.format(remoteAddress()));
    }
}
