package io.weft.net;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.handler.ssl.SniCompletionEvent;
import io.netty.handler.ssl.SslCloseCompletionEvent;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.ssl.SslHandshakeCompletionEvent;
import io.netty.util.concurrent.Promise;
import io.weft.Loop;
import io.weft.OutOfMemory;
import io.weft.Watchers;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.net.SocketException;

import javax.net.ssl.SSLException;

/**
 * Where input comes in: the last handler of a connection's pipeline. Bytes go straight into the
 * array of the coroutine that waits for them already, else to the mailbox, which over its limit
 * stops reading from the socket. {@link Inbound} is the coroutines' side of the same object: two
 * would cost every idle connection a second one. Loop-confined; on the hub, unless said otherwise.
 */
abstract sealed class Inlet extends ChannelInboundHandlerAdapter permits Inbound {
    /**
     * The mailbox stops reading from the socket at this size (as Netty's and gevent's largest
     * single read).
     */
    static final int LIMIT = 64 * 1024;

    final Connection connection;
    final Loop loop;
    private final LoopBuffers buffers;
    final Mailbox mailbox;
    final Gate gate;

    private boolean pooled; // what is read comes from PooledReads
    int limit = LIMIT;
    boolean paused;
    boolean ended;
    boolean unread; // the peer had sent more, or would have, when this side closed
    @Nullable IOException failure;
    private @Nullable Watchers watchers;

    private @Nullable Promise<@Nullable Void> handshake;
    volatile @Nullable SslHandler tls; // from the handshake on; the channel forgets it at its end
    @Nullable ProxyHeader proxyHeader; // set before the channel is registered; of any thread

    // where a waiting reader wants its bytes
    byte @Nullable [] target;
    int targetOffset;
    int targetLength;
    int delivered;

    Inlet(Connection connection, Loop loop, LoopBuffers buffers) {
        this.connection = connection;
        this.loop = loop;
        this.buffers = buffers;
        this.mailbox = new Mailbox(buffers);
        this.gate = new Gate(loop, "read", connection);
    }

    /** What is read comes out of the loop's pool, and goes back there. Before the first read. */
    void readsArePooled() {
        pooled = true;
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        ByteBuf buffer = (ByteBuf) message;
        if (ended) {
            buffer.release();
            return;
        }
        if (targetLength > 0 && delivered == 0) {
            int count = Math.min(targetLength, buffer.readableBytes());
            if (target == null) {
                target = new byte[count];
            }
            buffer.readBytes(target, targetOffset, count);
            delivered = count;
        }
        if (buffer.isReadable()) {
            mailbox.add(buffer);
            if (mailbox.bytes() >= limit && !paused) {
                paused = true;
                context.channel().config().setAutoRead(false);
            }
        } else if (pooled) {
            buffers.giveRead(buffer);
        } else {
            buffer.release();
        }
        gate.open();
        if (mailbox.bytes() > 0) {
            tellWatchers();
        }
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext context) {
        loop.checkpoint();
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext context, Object event) {
        if (event instanceof SslHandshakeCompletionEvent done) {
            if (done.isSuccess()) {
                tls = context.pipeline().get(SslHandler.class);
                handshake().trySuccess(null);
            } else {
                handshake().tryFailure(done.cause());
            }
        } else if (event instanceof SniCompletionEvent name && !name.isSuccess()) {
            handshake().tryFailure(name.cause());
        } else if (event instanceof ChannelInputShutdownEvent) {
            end(truncation());
        } else if (event instanceof SslCloseCompletionEvent goodbye) {
            if (goodbye.isSuccess()) {
                end(null);
                connection.outbound.peerHasSaidGoodbye();
            }
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
        end(truncation());
        connection.outbound.channelClosed(failure);
        if (handshake != null) {
            failHandshake();
        }
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext context) {
        connection.outbound.writabilityChanged();
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        OutOfMemory.noticed(cause);
        IOException reason =
                cause instanceof IOException io ? io : new IOException(cause.toString(), cause);
        if (handshake != null) {
            handshake.tryFailure(cause);
        }
        end(reason);
        connection.outbound.failed(reason);
        context.close();
    }

    /** Done when the TLS handshake is. For connections with TLS. */
    Promise<@Nullable Void> handshake() {
        if (handshake == null) {
            handshake = loop.eventLoop().newPromise();
            if (ended) {
                failHandshake();
            }
        }
        return handshake;
    }

    /**
     * What it means that the bytes end here: null without TLS. With it anybody on the way can have
     * ended them, for the peer says so in a message of its own (RFC 8446 section 6.1), which came
     * before if it came.
     */
    private @Nullable IOException truncation() {
        return tls == null || Tls.ignoresUnexpectedEnd(connection.channel())
                ? null
                : new SSLException("the stream ends without the peer's close_notify");
    }

    /** Nothing more will come: the peer has ended its side (null), or the connection failed. */
    private void end(@Nullable IOException reason) {
        if (!ended) {
            ended = true;
            failure = reason;
            gate.open();
            tellWatchers();
            if (handshake != null) {
                failHandshake();
            }
        }
    }

    /** It needs input, and there will be no more; does nothing if it was done before. */
    private void failHandshake() {
        handshake()
                .tryFailure(
                        failure != null
                                ? failure
                                : new IOException("the peer closed the connection"));
    }

    /** Reads from the socket again if the mailbox has room. */
    void resume(Channel channel) {
        if (paused && !ended && mailbox.bytes() < limit) {
            paused = false;
            channel.config().setAutoRead(true);
        }
    }

    /**
     * This side has closed the connection: whoever reads, or comes to read, is told so. Also in
     * coroutines.
     */
    void close() {
        unread |= !ended && (paused || mailbox.bytes() > 0);
        mailbox.clear();
        ended = true;
        failure = new SocketException(connection + " is closed");
        gate.open();
        gate.cancel();
        tellWatchers();
    }

    private void tellWatchers() {
        if (watchers != null) {
            watchers.tell();
        }
    }

    /** Has {@code told} run when a read would not wait. Also in coroutines. */
    void watch(Runnable told) {
        if (mailbox.bytes() > 0 || ended) {
            told.run();
            return;
        }
        if (watchers == null) {
            watchers = new Watchers();
        }
        watchers.add(told);
    }

    void unwatch(Runnable told) {
        if (watchers != null) {
            watchers.remove(told);
        }
    }
}
