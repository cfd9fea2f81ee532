package io.weft.net;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.handler.ssl.SniCompletionEvent;
import io.netty.handler.ssl.SslCloseCompletionEvent;
import io.netty.handler.ssl.SslHandshakeCompletionEvent;
import io.netty.util.concurrent.Promise;
import io.weft.Loop;
import io.weft.Watchers;

import org.jspecify.annotations.Nullable;

import java.io.EOFException;
import java.io.IOException;
import java.net.SocketException;
import java.nio.ByteBuffer;

/**
 * The inbound half of a connection: the pipeline's last handler on the hub side, the reads on the
 * coroutine's. They meet at the mailbox; but when a coroutine waits already, the bytes go straight
 * into its own array. A mailbox over its limit stops reading from the socket. Loop-confined.
 */
final class Inbound extends ChannelInboundHandlerAdapter {
    /**
     * The mailbox stops reading from the socket at this size (as Netty's and gevent's largest
     * single read).
     */
    static final int LIMIT = 64 * 1024;

    private final Connection connection;
    private final Loop loop;
    private final LoopBuffers buffers;
    private final Mailbox mailbox;
    final Gate gate;

    private boolean pooled; // what is read comes from PooledReads
    private int limit = LIMIT;
    private boolean paused;
    private boolean ended;
    private @Nullable IOException failure;
    private @Nullable Watchers watchers;

    private @Nullable Promise<@Nullable Void> handshake;
    @Nullable ProxyHeader proxyHeader; // set before the channel is registered; of any thread

    // where a waiting reader wants its bytes
    private byte @Nullable [] target;
    private int targetOffset;
    private int targetLength;
    private int delivered;

    Inbound(Connection connection, Loop loop, LoopBuffers buffers) {
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

    // ---- on the hub

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
                handshake().trySuccess(null);
            } else {
                handshake().tryFailure(done.cause());
            }
        } else if (event instanceof SniCompletionEvent name && !name.isSuccess()) {
            handshake().tryFailure(name.cause());
        } else if (event instanceof ChannelInputShutdownEvent) {
            end(null);
        } else if (event instanceof SslCloseCompletionEvent) {
            end(null);
            connection.outbound.peerHasSaidGoodbye();
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
        end(null);
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

    /** This side has closed the connection: whoever reads, or comes to read, is told so. */
    void close() {
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

    /** Has {@code told} run when a read would not wait. */
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

    // ---- in coroutines

    int read(byte[] bytes, int offset, int length) throws IOException {
        if (length == 0) {
            return 0;
        }
        connection.checkNotClosed("read");
        if (mailbox.bytes() == 0) {
            int count = await(bytes, offset, length);
            if (count != 0) {
                return count;
            }
        }
        int count = mailbox.take(bytes, offset, length);
        taken();
        return count;
    }

    int read(ByteBuffer buffer) throws IOException {
        int room = buffer.remaining();
        if (room == 0) {
            return 0;
        }
        ByteBuf bytes = receive(room);
        if (bytes == null) {
            return -1;
        }
        try {
            int count = bytes.readableBytes();
            int end = buffer.limit();
            bytes.readBytes(buffer.limit(buffer.position() + count));
            buffer.limit(end);
            return count;
        } finally {
            bytes.release();
        }
    }

    /** What has come, 1 to {@code most} bytes, in an array of that length; null at the end. */
    byte @Nullable [] readSome(int most) throws IOException {
        checkMost(most);
        connection.checkNotClosed("read");
        byte[] bytes;
        if (mailbox.bytes() == 0) {
            int count = await(null, 0, most);
            bytes = target;
            target = null;
            if (count != 0) {
                return count < 0 ? null : bytes;
            }
        }
        bytes = new byte[Math.min(most, mailbox.bytes())];
        mailbox.take(bytes, 0, bytes.length);
        taken();
        return bytes;
    }

    private static void checkMost(int most) {
        if (most < 1) {
            throw new IllegalArgumentException(
                    "at least one byte must be asked for, but was " + most);
        }
    }

    /** What has come, as a buffer that the caller releases; null at the end. */
    @Nullable ByteBuf receive(int most) throws IOException {
        checkMost(most);
        connection.checkNotClosed("read");
        if (mailbox.bytes() == 0 && await(null, 0, 0) < 0) {
            return null;
        }
        ByteBuf buffer = mailbox.take(most);
        taken();
        return buffer;
    }

    /**
     * Bytes up to and with {@code delimiter}; what is left before the end if no delimiter comes;
     * null if nothing is left.
     */
    byte @Nullable [] readUntil(byte[] delimiter, int most) throws IOException {
        if (delimiter.length == 0 || most < delimiter.length) {
            throw new IllegalArgumentException(
                    "a delimiter of " + delimiter.length + " bytes cannot come within " + most);
        }
        connection.checkNotClosed("read");
        ByteBuf needle = Unpooled.wrappedBuffer(delimiter);
        limit = Math.max(LIMIT, most);
        try {
            for (int searched = 0; ; ) {
                ByteBuf all = mailbox.gathered();
                if (all != null) {
                    int start = all.readerIndex();
                    int found =
                            ByteBufUtil.indexOf(
                                    needle,
                                    all.slice(start + searched, mailbox.bytes() - searched));
                    int end = found < 0 ? mailbox.bytes() : searched + found + delimiter.length;
                    if (end > most || (found < 0 && end == most)) {
                        throw new LimitExceededException(
                                "expected "
                                        + ByteBufUtil.hexDump(delimiter)
                                        + " within "
                                        + most
                                        + " bytes of "
                                        + connection);
                    }
                    if (found >= 0) {
                        return takeExactly(end);
                    }
                    searched = Math.max(0, mailbox.bytes() - delimiter.length + 1);
                }
                if (paused) {
                    connection.outbound.requestResume();
                }
                if (await(null, 0, 0) < 0) {
                    return mailbox.bytes() == 0 ? null : takeExactly(mailbox.bytes());
                }
            }
        } finally {
            limit = LIMIT;
            taken();
        }
    }

    private byte[] takeExactly(int count) {
        var bytes = new byte[count];
        mailbox.take(bytes, 0, count);
        return bytes;
    }

    void readExactly(byte[] bytes, int offset, int length) throws IOException {
        for (int done = 0; done < length; ) {
            int count = read(bytes, offset + done, length - done);
            if (count < 0) {
                throw new EOFException(
                        "expected "
                                + length
                                + " bytes, but "
                                + connection
                                + " ended after "
                                + done);
            }
            done += count;
        }
    }

    /**
     * Waits for input. Bytes delivered into {@code bytes}, or into {@code target} as a new array of
     * at most {@code length}; 0 if the mailbox has some, -1 at the end.
     */
    private int await(byte @Nullable [] bytes, int offset, int length) throws IOException {
        if (!ended) {
            if (gate.isOccupied()) {
                gate.await(loop); // tells the second reader that there is a first
            }
            target = bytes;
            targetOffset = offset;
            targetLength = length;
            delivered = 0;
            try {
                do {
                    gate.await(loop);
                } while (delivered == 0 && mailbox.bytes() == 0 && !ended); // somebody took them
            } finally {
                targetLength = 0;
                if (bytes != null) {
                    target = null;
                }
            }
            if (delivered > 0) {
                return delivered;
            }
            if (mailbox.bytes() > 0) {
                return 0;
            }
        }
        if (failure != null) {
            throw DisconnectedException.of("read", connection, failure);
        }
        return -1;
    }

    private void taken() {
        if (paused && mailbox.bytes() <= limit / 2) {
            connection.outbound.requestResume();
        }
    }

    boolean hasEnded() {
        return ended && mailbox.bytes() == 0;
    }

    int available() {
        return mailbox.bytes();
    }
}
