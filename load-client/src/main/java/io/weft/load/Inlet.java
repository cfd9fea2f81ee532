package io.weft.load;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.util.ReferenceCountUtil;

import org.jspecify.annotations.Nullable;

import java.io.EOFException;
import java.io.IOException;

/**
 * The last handler of a connection: takes in what was decoded, judges it at once, and keeps nothing
 * but the verdicts, so that memory stays bounded whatever a server sends. On the hub and in the
 * coroutine of the connection's loop, or in its thread.
 */
abstract class Inlet extends ChannelInboundHandlerAdapter {
    private Runnable news = () -> {};
    private boolean ended;
    private boolean lost;
    private @Nullable String failure;

    /** What to run when there is something to look at. */
    final void onNews(Runnable action) {
        news = action;
    }

    @Override
    public final void channelRead(ChannelHandlerContext context, Object message) {
        try {
            if (!ended) {
                take(message);
            }
        } finally {
            ReferenceCountUtil.release(message);
        }
    }

    /** Judges a part of an answer, which is released afterwards. */
    abstract void take(Object message);

    final void tell() {
        news.run();
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext context, Object event) throws Exception {
        if (event instanceof ChannelInputShutdownEvent) {
            lose(null);
        }
        super.userEventTriggered(context, event);
    }

    @Override
    public final void channelInactive(ChannelHandlerContext context) throws Exception {
        lose(null);
        super.channelInactive(context);
    }

    @Override
    public final void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        Throwable root = cause;
        while (root.getCause() != null) {
            root = root.getCause();
        }
        String reason =
                root.getMessage() == null ? root.getClass().getSimpleName() : root.getMessage();
        if (root instanceof IOException) {
            lose(reason);
        } else {
            end(reason);
        }
    }

    private void lose(@Nullable String reason) {
        lost |= !ended;
        end(reason);
    }

    /** Nothing more will come, or nothing more will be looked at. */
    final void end(@Nullable String reason) {
        if (!ended) {
            ended = true;
            failure = reason;
            tell();
        }
    }

    final boolean hasEnded() {
        return ended;
    }

    /** Whether the connection is gone, be it closed or reset, and all before was in order. */
    final boolean isLost() {
        return lost;
    }

    /** Says why nothing more will come. */
    final IOException ending() {
        return failure == null
                ? new EOFException("the server closed the connection")
                : new IOException(failure);
    }
}
