package io.weft.net;

import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOutboundHandlerAdapter;
import io.netty.channel.ChannelPromise;

/**
 * On io_uring, nearest to the socket: after a close has begun nothing is read. Netty closes only
 * when what is being written is out, and reads on until then (4.2.18:
 * AbstractIoUringChannel.doBeginReadNow does not look at delayedClose); the poll for that read
 * keeps the socket open when its descriptor has been closed, and the peer sees no end. On the hub.
 */
final class LastRead extends ChannelOutboundHandlerAdapter {
    private boolean closing;

    @Override
    public void close(ChannelHandlerContext context, ChannelPromise promise) {
        closing = true;
        context.channel().config().setAutoRead(false); // forgets a read that is asked for, too
        context.close(promise);
    }

    @Override
    public void read(ChannelHandlerContext context) {
        if (!closing) {
            context.read();
        }
    }

    /** Closes the channel past TLS and all that would say farewell. */
    static void closePastAll(Channel channel) {
        var pipeline = channel.pipeline();
        var mine = pipeline.get(LastRead.class);
        if (mine == null) {
            pipeline.firstContext().close();
        } else {
            mine.close(pipeline.context(mine), channel.newPromise());
        }
    }
}
