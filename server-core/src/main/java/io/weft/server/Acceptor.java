package io.weft.server;

import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ServerChannelRecvByteBufAllocator;
import io.weft.Loop;
import io.weft.Printable;
import io.weft.Timer;

import org.slf4j.LoggerFactory;

import java.util.function.BooleanSupplier;
import java.util.function.Consumer;

/**
 * The only handler of a listening channel. Accepting stops while there is a reason to: the server
 * wants no more (it was told so, or is full: the kernel's backlog waits), or an error has just
 * happened. Loop-confined, on the hub.
 */
final class Acceptor extends ChannelInboundHandlerAdapter {
    /**
     * Connections that are accepted in a row, before the others have their turn (gevent:
     * max_accept, 100). By one at a time, which is Netty's default, somebody who comes to a loop
     * with a thousand busy connections waited for more than a second.
     */
    private static final int BATCH = 16;

    private final Channel listener;
    private final BooleanSupplier wanted;
    private final Consumer<Channel> accepted;
    private final Backoff backoff = new Backoff();
    private final Timer pause;

    Acceptor(Loop loop, Channel listener, BooleanSupplier wanted, Consumer<Channel> accepted) {
        this.listener = listener;
        this.wanted = wanted;
        this.accepted = accepted;
        var batches = new ServerChannelRecvByteBufAllocator();
        batches.maxMessagesPerRead(BATCH);
        // else epoll compares a descriptor with a number of bytes, and stops after one
        batches.respectMaybeMoreData(false);
        listener.config().setRecvByteBufAllocator(batches);
        this.pause =
                new Timer(loop) {
                    @Override
                    protected void fire() {
                        update();
                    }
                };
    }

    /**
     * Asks again whether to accept. What is asked is the present, not what the caller saw: an
     * update that comes late can not undo a later one.
     */
    void update() {
        if (listener.isOpen()) {
            listener.config().setAutoRead(wanted.getAsBoolean() && !pause.isScheduled());
        }
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        backoff.reset();
        accepted.accept((Channel) message);
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        if (!listener.isOpen()) {
            return;
        }
        var delay = backoff.next();
        LoggerFactory.getLogger(StreamServer.class)
                .warn(
                        "accepting on {} pauses for {} ms: {}",
                        listener.localAddress(),
                        delay.toMillis(),
                        Printable.of(cause));
        pause.schedule(pause.loop().nanoTime() + delay.toNanos());
        update();
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
        pause.cancel();
    }
}
