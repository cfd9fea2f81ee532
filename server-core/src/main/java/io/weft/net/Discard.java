package io.weft.net;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.util.ReferenceCountUtil;

/**
 * Drops what comes on a connection that this side has closed, before TLS or a codec sees it; more
 * than a limit is left to the kernel, which has the peer wait: it may still read what was written.
 * On the hub.
 */
final class Discard extends ChannelInboundHandlerAdapter {
    /** Far more than is under way when a peer learns that this side has closed. */
    static final long MOST = 16 * 1024 * 1024;

    private final Runnable ended;
    private long bytes;
    private boolean heard;

    /** Runs {@code ended} when nothing more will come. */
    Discard(Runnable ended) {
        this.ended = ended;
    }

    @Override
    public void handlerAdded(ChannelHandlerContext context) {
        context.channel().config().setAutoRead(true);
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        heard = true;
        if (message instanceof ByteBuf buffer) {
            bytes += buffer.readableBytes();
        }
        ReferenceCountUtil.release(message);
        if (isFull()) {
            context.channel().config().setAutoRead(false);
        }
    }

    private boolean isFull() {
        return bytes >= MOST;
    }

    /** Whether something has come since this was last asked. */
    boolean hasHeard() {
        boolean has = heard;
        heard = isFull(); // then it would have
        return has;
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext context, Object event) {
        context.fireUserEventTriggered(event);
        if (event instanceof ChannelInputShutdownEvent) {
            ended.run();
        }
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        context.fireExceptionCaught(cause);
        LastRead.closePastAll(context.channel());
    }
}
