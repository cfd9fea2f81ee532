package io.weft.net;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.channel.socket.DatagramPacket;
import io.weft.WaitLine;
import io.weft.WaitQueue;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.SocketException;
import java.util.ArrayDeque;

/**
 * Datagrams that have come and have not been received. When it is full the socket is not read; then
 * it is the kernel's buffer that fills, and the kernel that drops, as it would for a program that
 * is slow to receive. The hub fills it, coroutines and threads empty it, under the queue's lock.
 */
final class DatagramInbox extends SimpleChannelInboundHandler<DatagramPacket> {
    /**
     * Bytes, each datagram with its own cost, as the kernel counts them (Linux: rmem_default 208
     * KiB).
     */
    static final int LIMIT = 208 * 1024;

    /** What the kernel reckons for a small datagram besides its bytes. */
    private static final int OVERHEAD = 512;

    private final DatagramEndpoint endpoint;
    private final WaitQueue queue = new WaitQueue();

    // guarded by queue
    private final WaitLine<Object> receivers = queue.newLine();
    private final ArrayDeque<Datagram> datagrams = new ArrayDeque<>();
    private int held;
    private boolean paused;
    private boolean closed;
    private @Nullable IOException failure;

    DatagramInbox(DatagramEndpoint endpoint) {
        this.endpoint = endpoint;
    }

    // ---- on the hub

    @Override
    protected void channelRead0(ChannelHandlerContext context, DatagramPacket packet) {
        var bytes = new byte[packet.content().readableBytes()];
        packet.content().readBytes(bytes);
        var datagram = new Datagram(endpoint, packet.sender(), bytes);
        queue.lock();
        try {
            WaitLine.Waiter<Object> receiver = receivers.wakeOne();
            if (receiver != null) {
                receiver.value = datagram;
                return;
            }
            datagrams.addLast(datagram);
            queue.tellWatchers();
            held += bytes.length + OVERHEAD;
            if (held >= LIMIT && !paused) {
                paused = true;
                context.channel().config().setAutoRead(false);
            }
        } finally {
            queue.unlock();
        }
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext context) {
        endpoint.loop().checkpoint();
    }

    /**
     * A connected peer's port is unreachable, for example: told to one receiver, then forgotten.
     */
    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        IOException reason = cause instanceof IOException io ? io : new IOException(cause);
        queue.lock();
        try {
            WaitLine.Waiter<Object> receiver = receivers.wakeOne();
            if (receiver != null) {
                receiver.value = reason;
            } else {
                failure = reason;
                queue.tellWatchers();
            }
        } finally {
            queue.unlock();
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
        close();
    }

    void close() {
        queue.lock();
        try {
            closed = true;
            datagrams.clear();
            held = 0;
            receivers.wakeAll();
            queue.tellWatchers();
        } finally {
            queue.unlock();
        }
    }

    // ---- any thread

    /** As of {@link io.weft.Selectable#watch}: ready while a receive would not wait. */
    void watch(Runnable told) {
        queue.watch(() -> !datagrams.isEmpty() || failure != null || closed, told);
    }

    void unwatch(Runnable told) {
        queue.unwatch(told);
    }

    boolean isClosed() {
        queue.lock();
        try {
            return closed;
        } finally {
            queue.unlock();
        }
    }

    /** The oldest; null if the deadline came first. */
    @Nullable Datagram receive(long deadline) throws IOException {
        queue.lock();
        try {
            Datagram datagram = poll();
            if (datagram != null) {
                return datagram;
            }
            var place = new WaitLine.Waiter<Object>();
            if (!receivers.await(place, deadline, endpoint)) {
                return null;
            }
            return switch (place.value) {
                case Datagram received -> received;
                case IOException reason -> throw new IOException(reason.getMessage(), reason);
                case null, default -> throw closed();
            };
        } catch (InterruptedException e) {
            throw interrupted(e);
        } finally {
            queue.unlock();
        }
    }

    /** The oldest; null if there is none. */
    @Nullable Datagram tryReceive() throws IOException {
        queue.lock();
        try {
            return poll();
        } finally {
            queue.unlock();
        }
    }

    private @Nullable Datagram poll() throws IOException {
        if (closed) {
            throw closed();
        }
        Datagram datagram = datagrams.pollFirst();
        if (datagram != null) {
            held -= datagram.length() + OVERHEAD;
            if (paused && held <= LIMIT / 2) {
                paused = false;
                endpoint.readOn();
            }
            return datagram;
        }
        IOException reason = failure;
        if (reason != null) {
            failure = null;
            throw new IOException(reason.getMessage(), reason);
        }
        return null;
    }

    private SocketException closed() {
        return new SocketException(endpoint + " is closed");
    }

    static InterruptedIOException interrupted(InterruptedException cause) {
        return Passage.interrupted(cause);
    }

    DatagramEndpoint.Statistics statistics() {
        queue.lock();
        try {
            return new DatagramEndpoint.Statistics(datagrams.size(), receivers.size(), paused);
        } finally {
            queue.unlock();
        }
    }
}
