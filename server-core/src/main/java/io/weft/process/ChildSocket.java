package io.weft.process;

import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.weft.Loop;
import io.weft.Weft;
import io.weft.net.Channels;
import io.weft.net.Connection;

import java.io.IOException;
import java.net.SocketAddress;
import java.net.SocketException;
import java.net.UnixDomainSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;

/**
 * The parent's end of one more stream to a child: listens in a folder that only this user can
 * enter, takes the first who connects, and is gone from there when somebody has. Any thread; as a
 * handler, on the hub of its loop.
 */
final class ChildSocket extends ChannelInboundHandlerAdapter {
    /** Only one is accepted; another one may be so wrong as to come, too. */
    private static final int BACKLOG = 1;

    /**
     * A child may have connected right before its end, which is heard of by another way and so
     * maybe earlier.
     */
    private static final long LAST_CALL_MILLIS = 250;

    private static final Executor LAST_CALL =
            CompletableFuture.delayedExecutor(
                    LAST_CALL_MILLIS, TimeUnit.MILLISECONDS, Runnable::run);

    private final Loop loop;
    private final Path folder;
    private final UnixDomainSocketAddress address;
    private final Channel listener;
    private final CompletableFuture<Connection> connection = new CompletableFuture<>();

    private ChildSocket(Loop loop, Path folder) throws IOException {
        this.loop = loop;
        this.folder = folder;
        this.address = UnixDomainSocketAddress.of(folder.resolve("socket"));
        this.listener = Channels.openListener(loop, address, BACKLOG);
    }

    static ChildSocket bind(Loop loop) throws IOException, InterruptedException {
        var making = Helpers.submit(() -> Files.createTempDirectory("weft")); // its mode is 0700
        Path folder;
        try {
            folder = Helpers.await(making);
        } catch (InterruptedException e) {
            var _ = making.thenAccept(made -> Helpers.submit(() -> delete(made)));
            throw e;
        }
        boolean bound = false;
        try {
            var socket = loop.call(() -> new ChildSocket(loop, folder).bind());
            bound = true;
            return socket;
        } catch (IOException | InterruptedException | RuntimeException e) {
            throw e;
        } catch (Exception e) {
            throw new IOException(e);
        } finally {
            if (!bound) {
                var _ = Helpers.submit(() -> delete(folder));
            }
        }
    }

    private ChildSocket bind() throws IOException, InterruptedException {
        try {
            listener.pipeline().addLast(this);
            Weft.await(loop.eventLoop().register(listener));
            if (!listener.isActive()) {
                SocketAddress wanted = Channels.toNetty(address, loop);
                Weft.await(listener.bind(wanted));
            }
            return this;
        } catch (ExecutionException e) {
            Channels.discard(loop, listener);
            throw e.getCause() instanceof IOException io ? io : new IOException(e.getCause());
        } catch (Throwable e) {
            Channels.discard(loop, listener);
            throw e;
        }
    }

    /** Where the child is to connect to. */
    String path() {
        return address.getPath().toString();
    }

    /** The child's connection, when there is one. */
    CompletableFuture<Connection> connection() {
        return connection;
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        var channel = (Channel) message;
        if (!listener.isOpen() || connection.isDone()) {
            Channels.discard(loop, channel);
            return;
        }
        Connection child = Channels.initialise(loop, channel, null, null);
        loop.eventLoop()
                .register(channel)
                .addListener(
                        registered -> {
                            if (!registered.isSuccess()) {
                                connection.completeExceptionally(registered.cause());
                            } else if (!connection.complete(child)) {
                                child.close();
                            }
                        });
        listener.close();
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
        var _ = Helpers.submit(() -> delete(folder));
        connection.completeExceptionally(
                new SocketException("the loop of " + path() + " has ended"));
    }

    private static boolean delete(Path folder) throws IOException {
        Files.deleteIfExists(folder.resolve("socket"));
        return Files.deleteIfExists(folder);
    }

    /** The child has ended. */
    void giveUpSoon(IOException reason) {
        if (!connection.isDone()) {
            LAST_CALL.execute(() -> giveUp(reason));
        }
    }

    private void giveUp(IOException reason) {
        connection.completeExceptionally(reason);
        try {
            loop.eventLoop().execute(listener::close);
        } catch (RejectedExecutionException e) {
            // it went with its loop
        }
    }

    /** Closes the connection too, if there is one. */
    void close() {
        giveUp(new SocketException(path() + " is closed"));
        if (connection.isDone() && !connection.isCompletedExceptionally()) {
            connection.join().close();
        }
    }
}
