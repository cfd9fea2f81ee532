package io.weft;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.socket.SocketChannel;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;

/** Two coroutines that only ever yield to each other keep nobody else from his turn. */
@Timeout(180) // for machines with better things to do
class StarvationTest {
    private final LoopGroup group = LoopGroup.create(1);
    private final Loop loop = group.next();
    private volatile boolean enough;
    private Coroutine<?> one;
    private Coroutine<?> other;

    @BeforeEach
    void startTwoThatYieldToEachOther() {
        Callable<Long> busy =
                () -> {
                    long turns = 0;
                    for (; !enough; turns++) {
                        Weft.yieldNow();
                    }
                    return turns;
                };
        one = loop.spawn("one", busy);
        other = loop.spawn("other", busy);
    }

    @AfterEach
    void end() throws Exception {
        assertThat(one.isDone()).isFalse();
        assertThat(other.isDone()).isFalse();
        enough = true;
        one.join();
        other.join();
        group.close();
    }

    @Test
    void timersFire() throws Exception {
        loop.call(
                () -> {
                    for (int i = 0; i < 20; i++) {
                        Weft.sleep(Duration.ofMillis(1));
                    }
                    return null;
                });
    }

    @Test
    void timersOfTheJdkFire() throws Exception {
        loop.call(
                () -> {
                    for (int i = 0; i < 20; i++) {
                        Thread.sleep(1);
                    }
                    return null;
                });
    }

    @Test
    void timeoutsExpire() throws Exception {
        boolean expired =
                loop.call(
                        () ->
                                io.weft.Timeout.callOr(
                                        Duration.ofMillis(5),
                                        true,
                                        () -> {
                                            while (true) {
                                                Weft.yieldNow();
                                            }
                                        }));
        assertThat(expired).isTrue();
    }

    @Test
    void tasksOfTheEventLoopRun() throws Exception {
        for (int i = 0; i < 1_000; i++) {
            loop.eventLoop().submit(() -> {}).get();
        }
        loop.eventLoop().schedule(() -> {}, 5, TimeUnit.MILLISECONDS).get();
    }

    @Test
    void foreignSpawnsRun() throws Exception {
        for (int i = 0; i < 1_000; i++) {
            int number = i;
            assertThat(loop.spawn(() -> number).get()).isEqualTo(i);
        }
    }

    @Test
    void channelsReadAndWrite() throws Exception {
        var bootstrap =
                new io.netty.bootstrap.ServerBootstrap()
                        .group(loop.eventLoop())
                        .channelFactory(group.transport().channels().streamServer())
                        .childHandler(
                                new ChannelInitializer<SocketChannel>() {
                                    @Override
                                    protected void initChannel(SocketChannel channel) {
                                        channel.pipeline().addLast(new Echo());
                                    }
                                });
        var server = bootstrap.bind(InetAddress.getLoopbackAddress(), 0).sync().channel();
        int port = ((InetSocketAddress) server.localAddress()).getPort();
        try (var socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            for (int i = 0; i < 1_000; i++) {
                socket.getOutputStream().write(i);
                assertThat(socket.getInputStream().read()).isEqualTo(i & 0xff);
            }
        }
        server.close().sync();
    }

    private static final class Echo extends ChannelInboundHandlerAdapter {
        @Override
        public void channelRead(ChannelHandlerContext context, Object message) {
            var _ = context.writeAndFlush((ByteBuf) message);
        }
    }
}
