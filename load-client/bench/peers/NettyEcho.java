import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.ServerChannel;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.socket.SocketChannel;
import io.netty.channel.uring.IoUring;
import io.netty.channel.uring.IoUringIoHandler;
import io.netty.channel.uring.IoUringServerSocketChannel;
import io.netty.util.internal.logging.InternalLoggerFactory;
import io.netty.util.internal.logging.JdkLoggerFactory;

import java.net.InetSocketAddress;

/**
 * The bar: what Netty does with no coroutine at all. Argument: {@code epoll} or {@code io_uring}.
 */
public final class NettyEcho {
    private static final class Echo extends ChannelInboundHandlerAdapter {
        @Override
        public void channelRead(ChannelHandlerContext context, Object message) {
            context.write(message);
        }

        @Override
        public void channelReadComplete(ChannelHandlerContext context) {
            context.flush();
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
            context.close();
        }
    }

    public static void main(String[] arguments) throws Exception {
        // whatever logging library the class path holds, it is not what is measured
        InternalLoggerFactory.setDefaultFactory(JdkLoggerFactory.INSTANCE);
        IoHandlerFactory transport;
        Class<? extends ServerChannel> channel;
        if (arguments[0].equals("io_uring")) {
            IoUring.ensureAvailability();
            transport = IoUringIoHandler.newFactory();
            channel = IoUringServerSocketChannel.class;
        } else {
            Epoll.ensureAvailability();
            transport = EpollIoHandler.newFactory();
            channel = EpollServerSocketChannel.class;
        }
        var server =
                new ServerBootstrap()
                        .group(new MultiThreadIoEventLoopGroup(1, transport))
                        .channel(channel)
                        .option(ChannelOption.SO_BACKLOG, 1024)
                        .childOption(ChannelOption.TCP_NODELAY, true)
                        .childHandler(
                                new ChannelInitializer<SocketChannel>() {
                                    @Override
                                    protected void initChannel(SocketChannel connection) {
                                        connection.pipeline().addLast(new Echo());
                                    }
                                })
                        .bind("127.0.0.1", 0)
                        .sync()
                        .channel();
        System.out.println(
                "listening on 127.0.0.1:" + ((InetSocketAddress) server.localAddress()).getPort());
        server.closeFuture().sync();
    }

    private NettyEcho() {}
}
