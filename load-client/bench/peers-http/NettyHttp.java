import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.socket.SocketChannel;
import io.netty.handler.codec.DateFormatter;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.DefaultHttpHeadersFactory;
import io.netty.handler.codec.http.EmptyHttpHeaders;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpServerCodec;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.util.AsciiString;
import io.netty.util.ReferenceCountUtil;
import io.netty.util.internal.logging.InternalLoggerFactory;
import io.netty.util.internal.logging.JdkLoggerFactory;

import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.Date;
import java.util.concurrent.TimeUnit;

/**
 * The bar: Netty's codec and a handler on the event loop, no coroutine. It answers anything with
 * the same bytes as Weft.
 */
public final class NettyHttp {
    private static final AsciiString TYPE = AsciiString.cached("text/plain; charset=utf-8");
    private static final AsciiString NAME = AsciiString.cached("netty");
    private static final AsciiString LENGTH = AsciiString.cached("13");
    private static final ByteBuf HELLO =
            Unpooled.unreleasableBuffer(
                    Unpooled.directBuffer()
                            .writeBytes("Hello, World!".getBytes(StandardCharsets.US_ASCII)));

    /** Written by the loop, once a second, and read by it. */
    private static AsciiString date = today();

    private static AsciiString today() {
        return new AsciiString(DateFormatter.format(new Date()));
    }

    private static final class Hello extends ChannelInboundHandlerAdapter {
        @Override
        public void channelRead(ChannelHandlerContext context, Object message) {
            try {
                if (message instanceof HttpRequest request) {
                    answer(context, request);
                }
            } finally {
                ReferenceCountUtil.release(message);
            }
        }

        private static void answer(ChannelHandlerContext context, HttpRequest request) {
            // constants need no check
            var headers =
                    DefaultHttpHeadersFactory.headersFactory().withValidation(false).newHeaders();
            headers.set(HttpHeaderNames.CONTENT_TYPE, TYPE)
                    .set(HttpHeaderNames.CONTENT_LENGTH, LENGTH)
                    .set(HttpHeaderNames.DATE, date)
                    .set(HttpHeaderNames.SERVER, NAME);
            var response =
                    new DefaultFullHttpResponse(
                            HttpVersion.HTTP_1_1,
                            HttpResponseStatus.OK,
                            HELLO.duplicate(),
                            headers,
                            EmptyHttpHeaders.INSTANCE);
            if (HttpUtil.isKeepAlive(request)) {
                context.write(response, context.voidPromise());
            } else {
                headers.set(HttpHeaderNames.CONNECTION, HttpHeaderValues.CLOSE);
                context.write(response).addListener(ChannelFutureListener.CLOSE);
            }
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
        Epoll.ensureAvailability();
        var loop = new MultiThreadIoEventLoopGroup(1, EpollIoHandler.newFactory());
        loop.scheduleAtFixedRate(() -> date = today(), 1, 1, TimeUnit.SECONDS);
        var server =
                new ServerBootstrap()
                        .group(loop)
                        .channel(EpollServerSocketChannel.class)
                        .option(ChannelOption.SO_BACKLOG, 2048)
                        .childOption(ChannelOption.TCP_NODELAY, true)
                        .childHandler(
                                new ChannelInitializer<SocketChannel>() {
                                    @Override
                                    protected void initChannel(SocketChannel connection) {
                                        connection
                                                .pipeline()
                                                .addLast(new HttpServerCodec(), new Hello());
                                    }
                                })
                        .bind("127.0.0.1", 0)
                        .sync()
                        .channel();
        System.out.println(
                "listening on 127.0.0.1:" + ((InetSocketAddress) server.localAddress()).getPort());
        server.closeFuture().sync();
    }

    private NettyHttp() {}
}
