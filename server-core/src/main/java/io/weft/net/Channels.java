package io.weft.net;

import io.netty.channel.Channel;
import io.netty.channel.ChannelException;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelOption;
import io.netty.channel.epoll.EpollServerDomainSocketChannel;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.unix.Socket;
import io.weft.Loop;
import io.weft.Transport;

import org.jspecify.annotations.Nullable;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetSocketAddress;
import java.net.NoRouteToHostException;
import java.net.SocketAddress;
import java.util.Map;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Consumer;

/**
 * Makes Netty's stream channels into connections. On the channel's loop, before it is registered.
 */
public final class Channels {
    private Channels() {}

    static Channel open(Loop loop, SocketAddress address) throws IOException {
        var channels = loop.group().transport().channels();
        try {
            return (Addresses.isUnix(address) ? channels.domain() : channels.stream()).newChannel();
        } catch (ChannelException e) {
            throw e.getCause() instanceof IOException io ? io : new IOException(e);
        }
    }

    /**
     * A channel to listen with on {@code address}, not registered. That of a Unix socket on epoll
     * is bound and listens already: such a channel does not delete the file when it closes, as
     * those do that bind themselves, whosoever it is by then.
     */
    public static Channel openListener(Loop loop, SocketAddress address, int backlog)
            throws IOException {
        var channels = loop.group().transport().channels();
        boolean unix = Addresses.isUnix(address);
        try {
            if (unix && loop.group().transport() == Transport.EPOLL) {
                return boundListener(toNetty(address, loop), backlog);
            }
            return (unix ? channels.domainServer() : channels.streamServer()).newChannel();
        } catch (ChannelException e) {
            throw e.getCause() instanceof IOException io ? io : new IOException(e);
        }
    }

    private static Channel boundListener(SocketAddress address, int backlog) throws IOException {
        var socket = Socket.newSocketDomain();
        try {
            socket.bind(address);
            socket.listen(backlog);
            return new EpollServerDomainSocketChannel(socket.intValue(), true);
        } catch (Throwable e) {
            socket.close();
            throw e;
        }
    }

    /** A listening channel, not registered, of a socket that listens already. */
    public static Channel openInherited(Loop loop, InheritedAddress address) throws IOException {
        if (loop.group().transport() != Transport.EPOLL) {
            throw new IOException(
                    "the "
                            + loop.group().transport()
                            + " transport cannot take over a socket, only epoll can");
        }
        int descriptor = address.descriptor();
        return Descriptor.prepareListener(descriptor)
                ? new EpollServerDomainSocketChannel(descriptor, true)
                : new EpollServerSocketChannel(descriptor);
    }

    /** The address with its host looked up; of several addresses the first. In a coroutine. */
    public static SocketAddress resolveLocal(Loop loop, SocketAddress address)
            throws IOException, InterruptedException {
        return address instanceof InetSocketAddress inet
                ? Resolver.OF.get(loop).resolve(inet).getFirst()
                : address;
    }

    /** The address as the loop's transport wants it. */
    public static SocketAddress toNetty(SocketAddress address, Loop loop) {
        return Addresses.toNetty(address, loop.group().transport());
    }

    /** The address as the JDK has it. */
    public static @Nullable SocketAddress toJdk(@Nullable SocketAddress address) {
        return Addresses.toJdk(address);
    }

    /** Sets options, the unknown of which are refused. */
    @SuppressWarnings("unchecked")
    public static void setOptions(Channel channel, Map<ChannelOption<?>, Object> options) {
        options.forEach(
                (option, value) -> {
                    if (!channel.config().setOption((ChannelOption<Object>) option, value)) {
                        throw new IllegalArgumentException(
                                option + " is not an option of " + channel);
                    }
                });
    }

    /**
     * Puts the two halves of a connection on an unregistered channel, behind {@code first} if there
     * is one, and behind the handlers that {@code codec} adds to it.
     */
    public static Connection initialise(
            Loop loop,
            Channel channel,
            @Nullable ChannelHandler first,
            @Nullable Consumer<Connection> codec) {
        var config = channel.config();
        config.setOption(ChannelOption.ALLOW_HALF_CLOSURE, true);
        config.setOption(ChannelOption.TCP_NODELAY, true);
        config.setWriteBufferWaterMark(Outbound.MARKS);
        var connection = new Connection(loop, channel);
        boolean uring = loop.group().transport() == Transport.IO_URING;
        if (uring) {
            channel.pipeline().addLast(new LastRead());
        }
        if (first == null && codec == null) { // the connection itself copies out of what is read
            var buffers = LoopBuffers.OF.get(loop);
            if (uring) {
                config.setRecvByteBufAllocator(buffers.pooledReads);
                connection.inbound.readsArePooled();
            } else {
                config.setRecvByteBufAllocator(buffers.scratchReads);
            }
        }
        if (first != null) {
            channel.pipeline().addLast(first);
        }
        channel.pipeline().addLast(connection.inbound);
        if (codec != null) {
            try {
                codec.accept(connection);
            } catch (Throwable e) {
                connection.closeCodec();
                throw e;
            }
        }
        return connection;
    }

    /**
     * Closes a channel that came to nothing, also where it has no loop that could do it, or is just
     * about to get one. Any thread.
     */
    public static void discard(Loop loop, Channel channel) {
        discard(loop, channel, Channel::close);
    }

    /** As {@link #discard(Loop, Channel)}; {@code close} is run on the hub if it is registered. */
    static void discard(Loop loop, Channel channel, Consumer<Channel> close) {
        if (loop.eventLoop().inEventLoop()) {
            discardHere(channel, close);
            return;
        }
        try {
            loop.eventLoop().execute(() -> discardHere(channel, close)); // behind a registration
        } catch (RejectedExecutionException e) {
            if (!channel.isRegistered()) { // else the loop has closed it
                channel.unsafe().closeForcibly();
            }
        }
    }

    private static void discardHere(Channel channel, Consumer<Channel> close) {
        if (channel.isRegistered()) {
            close.accept(channel);
        } else {
            channel.unsafe().closeForcibly();
        }
    }

    static IOException connectFailure(SocketAddress address, @Nullable Throwable cause) {
        String message = cause == null ? "" : String.valueOf(cause.getMessage());
        boolean refused = message.contains("Connection refused");
        boolean absent = // a Unix socket's file
                cause instanceof FileNotFoundException || message.contains("No such file");
        if (cause instanceof ConnectException || refused || absent) {
            var failure =
                    new ConnectException(
                            "cannot connect to "
                                    + Addresses.format(address)
                                    + ": "
                                    + (refused
                                            ? "Connection refused"
                                            : absent ? "No such file or directory" : message));
            failure.initCause(cause);
            return failure;
        }
        if (cause instanceof NoRouteToHostException) { // with epoll it has no message
            var failure =
                    new NoRouteToHostException(
                            "cannot connect to "
                                    + Addresses.format(address)
                                    + ": No route to host");
            failure.initCause(cause);
            return failure;
        }
        return cause instanceof IOException io ? io : new IOException(message, cause);
    }
}
