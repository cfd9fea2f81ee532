package io.weft.server;

import io.netty.channel.Channel;
import io.netty.channel.ChannelOption;
import io.netty.channel.ChannelPromise;
import io.netty.channel.unix.UnixChannelOption;
import io.weft.HubTask;
import io.weft.Loop;
import io.weft.Printable;
import io.weft.Weft;
import io.weft.net.Addresses;
import io.weft.net.Channels;
import io.weft.net.InheritedAddress;

import org.jspecify.annotations.Nullable;
import org.slf4j.LoggerFactory;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.BindException;
import java.net.ConnectException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.net.UnknownHostException;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;

/** One address that a server listens on. Any thread. */
final class Listener {
    /** Of a file's mode (inode(7)): the kind of file, and the kind that a socket is. */
    private static final int KIND = 0170000;

    private static final int SOCKET = 0140000;

    private final Loop loop;
    private final Channel channel;
    private final Acceptor acceptor;
    private final SocketAddress address;
    private final boolean inherited;
    private final AtomicBoolean closed = new AtomicBoolean();
    private final ChannelPromise ended;

    private Listener(
            Loop loop,
            Channel channel,
            Acceptor acceptor,
            SocketAddress address,
            boolean inherited) {
        this.loop = loop;
        this.channel = channel;
        this.acceptor = acceptor;
        this.address = address;
        this.inherited = inherited;
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
        } catch (UnknownHostException e) {
            throw failure(wanted, e);
        }
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
            var acceptor = new Acceptor(loop, channel, mayAccept, accepted);
            channel.pipeline().addLast(acceptor);
            if (resolved instanceof UnixDomainSocketAddress unix) {
                vacate(unix);
            }
            Weft.await(loop.eventLoop().register(channel));
            Weft.await(channel.bind(Channels.toNetty(resolved, loop)));
            return new Listener(loop, channel, acceptor, bound(resolved, channel), false);
        } catch (ExecutionException e) {
            discard(channel);
            throw failure(wanted, e.getCause());
        } catch (Throwable e) {
            discard(channel);
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
        return new Listener(loop, channel, acceptor, local == null ? inherited : local, true);
    }

    private static void discard(Channel channel) {
        if (channel.isRegistered()) {
            channel.close();
        } else {
            channel.unsafe().closeForcibly();
        }
    }

    /**
     * The socket file of a server that died is in the way of the next one. Only a socket is ever
     * deleted, and only if the kernel says that nobody listens on it. Any other file is refused
     * here: Netty's native transports would delete it, whatever it is.
     */
    private static void vacate(UnixDomainSocketAddress address) throws IOException {
        Path path = address.getPath();
        if (isSocket(path)) {
            deleteIfStale(address);
        }
        if (Files.exists(path, LinkOption.NOFOLLOW_LINKS)) {
            throw failure(address, new BindException("Address already in use"));
        }
    }

    private static void deleteIfStale(UnixDomainSocketAddress address) throws IOException {
        try (var probe = SocketChannel.open(StandardProtocolFamily.UNIX)) {
            probe.configureBlocking(false); // the backlog of a live one may be full
            probe.connect(address);
        } catch (ConnectException e) {
            Files.deleteIfExists(address.getPath());
        } catch (IOException e) {
            LoggerFactory.getLogger(StreamServer.class).debug("cannot tell who has {}", address, e);
        }
    }

    private static boolean isSocket(Path path) throws IOException {
        return Files.exists(path, LinkOption.NOFOLLOW_LINKS)
                && path.getFileSystem().supportedFileAttributeViews().contains("unix")
                && Files.getAttribute(path, "unix:mode", LinkOption.NOFOLLOW_LINKS)
                        instanceof Integer mode
                && (mode & KIND) == SOCKET;
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

    /** Begins to close it, and takes the file of a Unix socket of its own away. */
    void close() {
        if (closed.getAndSet(true)) {
            return;
        }
        if (!inherited && address instanceof UnixDomainSocketAddress unix) {
            try {
                // Before the socket: afterwards it could be the file of the next server.
                Files.deleteIfExists(unix.getPath());
            } catch (IOException e) {
                LoggerFactory.getLogger(StreamServer.class)
                        .warn("cannot delete {}: {}", unix, Printable.of(e));
            }
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
            onHub(() -> loop.onHub(new AfterPoll(polled)), () -> polled.complete(null));
            Weft.await(polled);
        } catch (ExecutionException e) {
            // the loop has ended, and its channels with it
        }
    }

    /** Left for the next turn, which begins with it; what it leaves itself comes after the poll. */
    private final class AfterPoll extends HubTask {
        private final CompletableFuture<@Nullable Void> polled;

        AfterPoll(CompletableFuture<@Nullable Void> polled) {
            this.polled = polled;
        }

        @Override
        protected void run() {
            try {
                loop.eventLoop().execute(() -> polled.complete(null));
            } catch (RejectedExecutionException e) {
                polled.complete(null); // the loop has ended
            }
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
