package io.weft.server;

import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ServerChannelRecvByteBufAllocator;
import io.weft.Loop;
import io.weft.OutOfMemory;
import io.weft.Printable;
import io.weft.Timer;

import org.jspecify.annotations.Nullable;
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

    /**
     * Looks without a find until nobody is left: an accept that io_uring is asked for may have been
     * done, and be told of in the turn after the next.
     */
    private static final int QUIET = 4;

    private final Channel listener;
    private final BooleanSupplier wanted;
    private final Consumer<Channel> accepted;
    private final Backoff backoff = new Backoff();
    private final Timer pause;
    private @Nullable Runnable afterLast; // then it takes what the kernel has, and no more
    private int most; // that it takes until then, and once more
    private int left;
    private boolean some; // has come in this round
    private int quiet; // rounds in which none has
    private boolean doorShut;

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
        if (listener.isOpen() && afterLast == null) {
            listener.config().setAutoRead(wanted.getAsBoolean() && !pause.isScheduled());
        }
    }

    /**
     * Accepts those who wait in the kernel's queue, whether they are wanted or not: to them the
     * kernel has said yes, and the end of the listener would reset them.
     *
     * @param most at so many it is enough: who has come since is another matter
     * @param then called when there are no more, before anybody else can come to this loop
     */
    void takeTheLast(int most, Runnable then) {
        if (!listener.isOpen()) {
            then.run();
            return;
        }
        pause.cancel();
        afterLast = then;
        this.most = most;
        left = most;
        listener.config().setAutoRead(true);
        takeMore();
    }

    private void takeMore() {
        some = false;
        AfterPoll.of(pause.loop(), this::roundEnded);
    }

    private void roundEnded() {
        quiet = some ? 0 : quiet + 1;
        boolean enough = quiet >= QUIET || left <= 0;
        if (!listener.isOpen() || (enough && doorShut)) {
            lastHasCome();
            return;
        }
        if (enough) {
            doorShut = true;
            ShutDoor.shut(listener);
            left = most; // who came in right before
            quiet = 0;
            // others listen on the port, whose they would have been
            if (HalfOpen.mayBeOthers(listener)) {
                HalfOpen.awaitNone(listener, this::takeMore);
                return;
            }
        }
        takeMore();
    }

    private void lastHasCome() {
        Runnable then = afterLast;
        if (then != null) {
            afterLast = () -> {}; // whoever comes now is as good as the last
            then.run();
        }
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        backoff.reset();
        some = true;
        left--;
        accepted.accept((Channel) message);
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        OutOfMemory.noticed(cause);
        if (!listener.isOpen()) {
            return;
        }
        if (afterLast != null) {
            left = 0; // they cannot be had
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
        lastHasCome();
    }
}
