package io.weft.server;

import io.netty.channel.Channel;
import io.netty.channel.ChannelOption;
import io.netty.channel.unix.UnixChannelOption;
import io.weft.Loop;
import io.weft.Weft;
import io.weft.net.Addresses;
import io.weft.net.Channels;

import org.jspecify.annotations.Nullable;
import org.slf4j.LoggerFactory;

import java.io.IOException;
import java.net.BindException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.UnixDomainSocketAddress;
import java.nio.file.Files;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Consumer;

/** One address that a server listens on. Any thread. */
final class Listener {
    private final Loop loop;
    private final Channel channel;
    private final Acceptor acceptor;
    private final SocketAddress address;

    private Listener(Loop loop, Channel channel, Acceptor acceptor, SocketAddress address) {
        this.loop = loop;
        this.channel = channel;
        this.acceptor = acceptor;
        this.address = address;
    }

    /** Listens, but does not accept yet. */
    static Listener bind(
            Loop loop, SocketAddress wanted, ServerBuilder settings, Consumer<Channel> accepted)
            throws IOException {
        try {
            return loop.call(() -> bindOnLoop(loop, wanted, settings, accepted));
        } catch (IOException | RuntimeException e) {
            throw e;
        } catch (Exception e) {
            throw failure(wanted, e);
        }
    }

    private static Listener bindOnLoop(
            Loop loop, SocketAddress wanted, ServerBuilder settings, Consumer<Channel> accepted)
            throws Exception {
        SocketAddress resolved = Channels.resolveLocal(loop, wanted);
        Channel channel = Channels.openListener(loop, resolved);
        try {
            var config = channel.config();
            config.setAutoRead(false);
            config.setOption(ChannelOption.SO_BACKLOG, settings.backlog);
            config.setOption(ChannelOption.SO_REUSEADDR, true);
            if (settings.reusePort && !config.setOption(UnixChannelOption.SO_REUSEPORT, true)) {
                throw new IOException(
                        "the " + loop.group().transport() + " transport cannot share a port");
            }
            Channels.setOptions(channel, settings.options);
            var acceptor = new Acceptor(loop, channel, accepted);
            acceptor.stop(true);
            channel.pipeline().addLast(acceptor);
            Weft.await(loop.eventLoop().register(channel));
            Weft.await(channel.bind(Channels.toNetty(resolved, loop)));
            return new Listener(loop, channel, acceptor, bound(resolved, channel));
        } catch (ExecutionException e) {
            channel.close();
            throw failure(wanted, e.getCause());
        } catch (Throwable e) {
            channel.close();
            throw e;
        }
    }

    /**
     * The address asked for, with the port that the system chose; a dual-stack socket would show
     * itself as IPv6.
     */
    private static SocketAddress bound(SocketAddress wanted, Channel channel) {
        return wanted instanceof InetSocketAddress inet
                        && channel.localAddress() instanceof InetSocketAddress local
                ? new InetSocketAddress(inet.getAddress(), local.getPort())
                : wanted;
    }

    private static IOException failure(SocketAddress wanted, @Nullable Throwable cause) {
        String message = cause == null ? "" : String.valueOf(cause.getMessage());
        String reason =
                message.contains("Address already in use")
                        ? "address already in use"
                        : message.contains("Permission denied")
                                ? "permission denied"
                                : message.contains("assign requested address")
                                        ? "this machine has no such address"
                                        : message;
        var exception =
                new BindException("cannot listen on " + Addresses.format(wanted) + ": " + reason);
        exception.initCause(cause);
        return exception;
    }

    void stop(boolean stop) {
        onHub(() -> acceptor.stop(stop));
    }

    void full(boolean full) {
        onHub(() -> acceptor.full(full));
    }

    /** The address it is bound to. */
    SocketAddress address() {
        return address;
    }

    /** Closes it, and takes a Unix socket's file away. */
    void close() {
        if (channel.isOpen() && !loop.hasEnded()) {
            onHub(channel::close);
            if (address instanceof UnixDomainSocketAddress unix) {
                try {
                    Files.deleteIfExists(unix.getPath());
                } catch (IOException e) {
                    LoggerFactory.getLogger(StreamServer.class)
                            .warn("cannot delete {}: {}", unix, e.toString());
                }
            }
        }
    }

    private void onHub(Runnable action) {
        try {
            if (loop.eventLoop().inEventLoop()) {
                action.run();
            } else {
                loop.eventLoop().execute(action);
            }
        } catch (RejectedExecutionException e) {
            // the loop has ended, and its channels with it
        }
    }
}
