package io.weft.http.h1;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpObject;
import io.netty.handler.ssl.SslCloseCompletionEvent;
import io.netty.util.ReferenceCountUtil;
import io.weft.HubTask;
import io.weft.Loop;
import io.weft.net.Connection;
import io.weft.net.DisconnectedException;
import io.weft.net.Gate;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayDeque;

/**
 * Where what was decoded waits for the connection's coroutine. More than a limit, in bytes of body
 * or in messages of pipelined requests, stops reading from the socket. Loop-confined.
 */
final class Inbox extends ChannelInboundHandlerAdapter implements AutoCloseable {
    /** As a connection's mailbox. */
    private static final int MOST_BYTES = 64 * 1024;

    /** Two to a request without a body: sixteen pipelined requests, and then one read's worth. */
    private static final int MOST_MESSAGES = 32;

    private final Connection connection;
    private final Loop loop;
    private final Gate gate;
    private final ArrayDeque<HttpObject> queue = new ArrayDeque<>(3);
    private int bytes;
    private boolean paused;
    private boolean ended;
    private boolean discards;
    private @Nullable IOException failure;
    private @Nullable Runnable onEnd;

    private final HubTask resume =
            new HubTask() {
                @Override
                protected void run() {
                    if (paused && !ended && hasRoom()) {
                        paused = false;
                        connection.channel().config().setAutoRead(true);
                    }
                }
            };

    Inbox(Connection connection) {
        this.connection = connection;
        this.loop = connection.loop();
        this.gate = new Gate(loop, "read", connection);
    }

    // ---- on the hub

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        if (ended || discards || !(message instanceof HttpObject part)) {
            ReferenceCountUtil.release(message);
            return;
        }
        queue.addLast(part);
        if (part instanceof HttpContent content) {
            bytes += content.content().readableBytes();
        }
        if (!paused && !hasRoom()) {
            paused = true;
            context.channel().config().setAutoRead(false);
        }
        gate.open();
    }

    private boolean hasRoom() {
        return bytes < MOST_BYTES && queue.size() < MOST_MESSAGES;
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext context, Object event) throws Exception {
        if (event instanceof ChannelInputShutdownEvent
                || event instanceof SslCloseCompletionEvent) {
            end(null);
        }
        super.userEventTriggered(context, event);
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) throws Exception {
        end(null);
        gate.cancel();
        super.channelInactive(context);
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) throws Exception {
        end(cause instanceof IOException io ? io : new IOException(cause.toString(), cause));
        super.exceptionCaught(context, cause);
    }

    private void end(@Nullable IOException reason) {
        if (!ended) {
            ended = true;
            failure = reason;
            gate.open();
            if (onEnd != null) {
                onEnd.run();
            }
        }
    }

    /** Whatever was or will be decoded is dropped: another handler reads from now on. */
    void retire() {
        discards = true;
        clear();
    }

    // ---- in the coroutine

    /** The limit on each wait from now on; null for none. */
    void limit(@Nullable Duration wait) {
        gate.limit(wait);
    }

    /**
     * What was decoded next; null at the end of the stream. What holds a buffer is the caller's to
     * release.
     *
     * @throws java.net.SocketTimeoutException at the limit
     */
    @Nullable HttpObject next() throws IOException {
        while (queue.isEmpty()) {
            if (failure != null) {
                throw new DisconnectedException(
                        connection, connection + " failed: " + failure.getMessage(), failure);
            }
            if (ended || !connection.isOpen()) {
                return null;
            }
            gate.await(loop);
        }
        HttpObject part = queue.pollFirst();
        if (part instanceof HttpContent content) {
            bytes -= content.content().readableBytes();
        }
        if (paused && hasRoom()) {
            loop.onHub(resume);
        }
        return part;
    }

    boolean isEmpty() {
        return queue.isEmpty();
    }

    /** What {@link #next()} would return without waiting; null if it would wait. */
    @Nullable HttpObject peek() {
        return queue.peekFirst();
    }

    /**
     * Has that run on the hub when nothing more will come, at once if that is so; null: nothing.
     */
    void onEnd(@Nullable Runnable told) {
        onEnd = told;
        if (ended && told != null) {
            told.run();
        }
    }

    /** Whether nothing more will come. */
    boolean hasEnded() {
        return ended;
    }

    /** Whether the connection ended by a failure. */
    boolean hasFailed() {
        return failure != null;
    }

    /** This side has closed the connection, whether or not its coroutine ever came to look. */
    @Override
    public void close() {
        retire();
        gate.open(); // whoever waits here is told
    }

    private void clear() {
        queue.forEach(ReferenceCountUtil::release);
        queue.clear();
        bytes = 0;
        gate.cancel();
    }
}
