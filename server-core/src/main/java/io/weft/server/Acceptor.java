package io.weft.server;

import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.weft.Loop;
import io.weft.Timer;

import org.slf4j.LoggerFactory;

import java.util.function.Consumer;

/**
 * The only handler of a listening channel. Accepting stops while there is a reason to: it was told
 * to, the server is full (the kernel's backlog waits), or an error has just happened.
 * Loop-confined, on the hub.
 */
final class Acceptor extends ChannelInboundHandlerAdapter {
    private final Channel listener;
    private final Consumer<Channel> accepted;
    private final Backoff backoff = new Backoff();
    private final Timer pause;
    private boolean stopped;
    private boolean full;

    Acceptor(Loop loop, Channel listener, Consumer<Channel> accepted) {
        this.listener = listener;
        this.accepted = accepted;
        this.pause =
                new Timer(loop) {
                    @Override
                    protected void fire() {
                        update();
                    }
                };
    }

    void stop(boolean stop) {
        stopped = stop;
        update();
    }

    void full(boolean isFull) {
        full = isFull;
        update();
    }

    private void update() {
        listener.config().setAutoRead(!stopped && !full && !pause.isScheduled());
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        backoff.reset();
        accepted.accept((Channel) message);
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        var delay = backoff.next();
        LoggerFactory.getLogger(StreamServer.class)
                .warn(
                        "accepting on {} pauses for {} ms: {}",
                        listener.localAddress(),
                        delay.toMillis(),
                        cause.toString());
        pause.schedule(pause.loop().nanoTime() + delay.toNanos());
        update();
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
        pause.cancel();
    }
}
