package io.weft.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.embedded.EmbeddedChannel;
import io.weft.Action;
import io.weft.Loop;
import io.weft.LoopGroup;
import io.weft.net.Channels;
import io.weft.testing.LogRecorder;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The acceptor is told of everything by hand; its listener is, but for one, one that never listens.
 */
class AcceptorTest {
    private final IOException noMoreFiles = new IOException("too many open files");
    private final LoopGroup group = LoopGroup.create(1);
    private final Loop loop = group.next();
    private final EmbeddedChannel listener = new EmbeddedChannel();
    private final AtomicBoolean wanted = new AtomicBoolean(true);
    private final List<Channel> accepted = new ArrayList<>();
    private final Acceptor acceptor = new Acceptor(loop, listener, wanted::get, accepted::add);
    private final LogRecorder log = LogRecorder.of(StreamServer.class);

    @AfterEach
    void end() {
        log.close();
        listener.finish();
        group.close();
    }

    @Test
    void acceptsWhileItIsWanted() throws Exception {
        onLoop(
                () -> {
                    acceptor.update();
                    assertThat(accepts()).isTrue();
                    wanted.set(false);
                    acceptor.update();
                    assertThat(accepts()).isFalse();
                    wanted.set(true);
                    acceptor.update();
                    assertThat(accepts()).isTrue();
                });
    }

    @Test
    void passesOnWhatItAccepts() throws Exception {
        var channel = new EmbeddedChannel();
        onLoop(() -> acceptor.channelRead(null, channel));
        assertThat(accepted).containsExactly(channel);
        channel.finish();
    }

    /** Who comes to a busy loop does not wait for as many turns as others came before. */
    @Test
    void acceptsSeveralInOneTurn() throws Exception {
        var turns = new AtomicInteger();
        var counter =
                new ChannelInboundHandlerAdapter() {
                    @Override
                    public void channelReadComplete(ChannelHandlerContext context) {
                        turns.incrementAndGet();
                    }
                };
        var local = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
        Channel real = loop.call(() -> Channels.openListener(loop, local, 100));
        real.config().setAutoRead(false);
        var busy = new Acceptor(loop, real, wanted::get, accepted::add);
        real.pipeline().addLast(busy, counter);
        loop.eventLoop().register(real).sync();
        real.bind(local).sync();
        List<Socket> sockets = new ArrayList<>();
        try {
            for (int i = 0; i < 32; i++) {
                sockets.add(Served.connect(((InetSocketAddress) real.localAddress()).getPort()));
            }
            onLoop(busy::update);
            await().atMost(Served.PATIENCE).until(() -> loop.call(accepted::size) == 32);
            assertThat(turns.get()).isLessThan(8);
        } finally {
            for (var socket : sockets) {
                socket.close();
            }
            onLoop(() -> accepted.forEach(channel -> channel.unsafe().closeForcibly()));
            real.close().sync();
        }
    }

    @Test
    void pausesAfterAnErrorAndResumes() throws Exception {
        onLoop(
                () -> {
                    acceptor.exceptionCaught(null, noMoreFiles);
                    assertThat(accepts()).isFalse();
                });
        await().atMost(Served.PATIENCE).until(this::accepts);
    }

    @Test
    void staysStoppedAfterAPauseIfNothingIsWanted() throws Exception {
        onLoop(
                () -> {
                    acceptor.exceptionCaught(null, noMoreFiles);
                    wanted.set(false);
                });
        await().atMost(Served.PATIENCE).until(() -> loop.call(loop::timerCount) == 0);
        assertThat(accepts()).isFalse();
    }

    @Test
    void anUpdateDoesNotEndAPause() throws Exception {
        onLoop(
                () -> {
                    acceptor.exceptionCaught(null, noMoreFiles);
                    acceptor.update();
                    assertThat(accepts()).isFalse();
                });
    }

    @Test
    void pausesGrowUntilOneIsAccepted() throws Exception {
        var channel = new EmbeddedChannel();
        onLoop(
                () -> {
                    acceptor.exceptionCaught(null, noMoreFiles);
                    acceptor.exceptionCaught(null, noMoreFiles);
                    acceptor.exceptionCaught(null, noMoreFiles);
                    acceptor.channelRead(null, channel);
                    acceptor.exceptionCaught(null, noMoreFiles);
                });
        channel.finish();
        assertThat(log.messages()).containsExactly(pauses(10), pauses(20), pauses(40), pauses(10));
    }

    @Test
    void closedOneKeepsNoTimerAndSaysNothing() throws Exception {
        onLoop(
                () -> {
                    acceptor.exceptionCaught(null, noMoreFiles);
                    log.forget();
                    listener.finish();
                    acceptor.channelInactive(null);
                    acceptor.exceptionCaught(null, noMoreFiles);
                    acceptor.update();
                });
        assertThat(loop.<Integer>call(loop::timerCount)).isZero();
        assertThat(log.messages()).isEmpty();
    }

    private String pauses(int milliseconds) {
        return "accepting on embedded pauses for " + milliseconds + " ms: " + noMoreFiles;
    }

    private boolean accepts() {
        return listener.config().isAutoRead();
    }

    /** Neither the hub nor its timers run in between. */
    private void onLoop(Action action) throws Exception {
        loop.call(
                () -> {
                    action.run();
                    return null;
                });
    }
}
