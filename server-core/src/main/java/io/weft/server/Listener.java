package io.weft.server;

import io.netty.channel.Channel;
import io.netty.channel.ChannelOption;
import io.netty.channel.ChannelPromise;
import io.netty.channel.unix.UnixChannelOption;
import io.weft.Loop;
import io.weft.Weft;
import io.weft.net.Addresses;
import io.weft.net.Channels;
import io.weft.net.InheritedAddress;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.BindException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.SocketTimeoutException;
import java.net.UnixDomainSocketAddress;
import java.net.UnknownHostException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;

/** One address that a server listens on. Any thread. */
final class Listener {
    private final Loop loop;
    private final Channel channel;
    private final Acceptor acceptor;
    private final SocketAddress address;
    private final boolean inherited;
    private final @Nullable SocketFile file; // of its own
    private final int backlog;
    private final AtomicBoolean closed = new AtomicBoolean();
    private final ChannelPromise ended;

    private Listener(
            Loop loop,
            Channel channel,
            Acceptor acceptor,
            SocketAddress address,
            boolean inherited,
            @Nullable SocketFile file,
            int backlog) {
        this.loop = loop;
        this.channel = channel;
        this.acceptor = acceptor;
        this.address = address;
        this.inherited = inherited;
        this.file = file;
        this.backlog = backlog;
        this.ended = channel.newPromise();
    }

    /** Listens, and accepts while {@code mayAccept}; {@link #update()} has that asked again. */
    static Listener bind(
            Loop loop,
            SocketAddress wanted,
            ServerBuilder settings,
            BooleanSupplier mayAccept,
            Consumer<Channel> accepted)
            throws IOException {
        try {
            return loop.call(() -> bindOnLoop(loop, wanted, settings, mayAccept, accepted));
        } catch (InterruptedException e) {
            var exception = new InterruptedIOException(e.getMessage());
            exception.initCause(e);
            throw exception;
        } catch (IOException | RuntimeException e) {
            throw e;
        } catch (Exception e) {
            throw failure(wanted, e);
        }
    }

    private static Listener bindOnLoop(
            Loop loop,
            SocketAddress wanted,
            ServerBuilder settings,
            BooleanSupplier mayAccept,
            Consumer<Channel> accepted)
            throws Exception {
        if (wanted instanceof InheritedAddress inherited) {
            return takeOver(loop, inherited, mayAccept, accepted);
        }
        SocketAddress resolved;
        try {
            resolved = Channels.resolveLocal(loop, wanted);
        } catch (UnknownHostException | SocketTimeoutException e) {
            throw failure(wanted, e);
        }
        if (resolved instanceof UnixDomainSocketAddress unix) {
            try {
                SocketFile.vacate(unix);
            } catch (IOException e) {
                throw failure(wanted, e);
            }
        }
        Channel channel;
        try {
            channel = Channels.openListener(loop, resolved, settings.backlog);
        } catch (IOException e) {
            throw failure(wanted, e);
        }
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
            var acceptor = new Acceptor(loop, channel, mayAccept, accepted);
            channel.pipeline().addLast(acceptor);
            Weft.await(loop.eventLoop().register(channel));
            if (!channel.isActive()) {
                Weft.await(channel.bind(Channels.toNetty(resolved, loop)));
            }
            var file =
                    resolved instanceof UnixDomainSocketAddress unix ? SocketFile.of(unix) : null;
            return new Listener(
                    loop,
                    channel,
                    acceptor,
                    bound(resolved, channel),
                    false,
                    file,
                    settings.backlog);
        } catch (ExecutionException e) {
            Channels.discard(loop, channel);
            throw failure(wanted, e.getCause());
        } catch (Throwable e) {
            Channels.discard(loop, channel);
            throw e;
        }
    }

    /** It listens already, and how is the business of the one who has opened it. */
    private static Listener takeOver(
            Loop loop,
            InheritedAddress inherited,
            BooleanSupplier mayAccept,
            Consumer<Channel> accepted)
            throws Exception {
        Channel channel;
        try {
            channel = Channels.openInherited(loop, inherited);
        } catch (IOException e) {
            throw failure(inherited, e);
        }
        channel.config().setAutoRead(false);
        var acceptor = new Acceptor(loop, channel, mayAccept, accepted);
        channel.pipeline().addLast(acceptor);
        Weft.await(loop.eventLoop().register(channel));
        SocketAddress local = Channels.toJdk(channel.localAddress());
        return new Listener(
                loop, channel, acceptor, local == null ? inherited : local, true, null, 0);
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

    /** Asks again whether to accept. */
    void update() {
        onHub(acceptor::update, () -> {});
    }

    /** The address it is bound to. */
    SocketAddress address() {
        return address;
    }

    /**
     * Begins to close it, behind the last that the kernel has for it, and takes the file of a Unix
     * socket of its own away. What waits at an inherited one is for whoever listens there next.
     */
    void close() {
        if (closed.getAndSet(true)) {
            return;
        }
        onHub(
                () -> {
                    if (inherited) {
                        closeHere();
                    } else {
                        acceptor.takeTheLast(backlog, this::closeHere);
                    }
                },
                this::closeHere);
    }

    private void closeHere() {
        if (file != null) {
            file.delete();
            file.outlive(channel);
        }
        channel.close(ended);
    }

    /**
     * Waits until it is closed: from then on it accepts nothing. The channel's own close future
     * would not do: with io_uring it is done when the kernel has yet to be asked. Nor does the
     * promise with NIO, whose selector lets go of a closed socket when it next polls.
     */
    void awaitClosed() throws InterruptedException {
        try {
            Weft.await(ended);
            var polled = new CompletableFuture<@Nullable Void>();
            onHub(
                    () -> AfterPoll.of(loop, () -> polled.complete(null)),
                    () -> polled.complete(null));
            Weft.await(polled);
        } catch (ExecutionException e) {
            // the loop has ended, and its channels with it
        }
    }

    private void onHub(Runnable action, Runnable ifLoopHasEnded) {
        try {
            if (loop.eventLoop().inEventLoop()) {
                action.run();
            } else {
                loop.eventLoop().execute(action);
            }
        } catch (RejectedExecutionException e) {
            ifLoopHasEnded.run(); // and its channels with it
        }
    }
}
