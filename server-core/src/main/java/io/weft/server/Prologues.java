package io.weft.server;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.weft.Loop;
import io.weft.Printable;
import io.weft.net.Connection;
import io.weft.net.DisconnectedException;
import io.weft.net.ProxyHeader;
import io.weft.net.Tls;

import org.jspecify.annotations.Nullable;
import org.slf4j.LoggerFactory;

import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The connections of one server that have yet to come to their handler: a PROXY header or a TLS
 * handshake comes before. When the server stops, those from which something has just come have a
 * moment left for the next of it, as often as it comes: whoever shakes hands is about to ask for
 * something. The others are cut at once, as are those that fall silent. Any thread.
 */
final class Prologues {
    private final long moment;
    private final Map<Connection, Hearing> open = new ConcurrentHashMap<>();
    private final Tally refusals = Tally.ofInfo(LoggerFactory.getLogger(StreamServer.class));
    private volatile @Nullable Loop stopping; // where one watches then

    /** Within {@code moment} of being accepted, or heard, a connection is a lively one. */
    Prologues(Duration moment) {
        this.moment = moment.toNanos();
    }

    /** Listens to a connection that is being made. On the hub. */
    void expect(Connection connection) {
        connection.channel().pipeline().addFirst(new Hearing(connection.loop()));
    }

    /** Waits for what comes before; whether that went well. In the connection's coroutine. */
    boolean pass(Connection connection, boolean isSecure) throws InterruptedException {
        begun(connection);
        try {
            ProxyHeader.await(connection);
            if (isSecure) {
                Tls.awaitHandshake(connection);
            }
            return true;
        } catch (IOException e) {
            boolean wasCut = !ended(connection); // by the server's stop
            String reason = Printable.of(e.getMessage());
            // a balancer that looks whether one is there is not even counted
            if (wasCut || e instanceof DisconnectedException || !refusals.add(reason)) {
                LoggerFactory.getLogger(StreamServer.class).debug("{}", reason);
            }
            return false;
        } finally {
            ended(connection);
        }
    }

    private void begun(Connection connection) {
        Hearing hearing = connection.channel().pipeline().get(Hearing.class);
        open.put(
                connection, // without a channel it has gone
                hearing != null ? hearing : new Hearing(connection.loop()));
        Loop loop = stopping;
        if (loop != null) {
            cutWhenSilent(connection, loop);
        }
    }

    /** False if that was before, or it was cut. */
    private boolean ended(Connection connection) {
        Hearing hearing = open.remove(connection);
        if (hearing != null) {
            hearing.ended = true;
        }
        return hearing != null;
    }

    /** The server stops. */
    void stop(Loop loop) {
        stopping = loop;
        open.keySet().forEach(connection -> cutWhenSilent(connection, loop));
    }

    /** The server has stopped: it says what it has counted. */
    void flush() {
        refusals.flush();
    }

    private void cutWhenSilent(Connection connection, Loop loop) {
        Hearing hearing = open.get(connection);
        if (hearing == null) {
            return;
        }
        long left = hearing.last + moment - loop.nanoTime();
        if (left <= 0) {
            cut(connection);
            return;
        }
        loop.spawnLater(
                Duration.ofNanos(left),
                () -> {
                    cutWhenSilent(connection, loop);
                    return true;
                });
    }

    /** Whether all of them have been heard since, by the clock of their loops. */
    boolean areHeardSince(long time) {
        return open.values().stream().allMatch(hearing -> hearing.last - time >= 0);
    }

    private void cut(Connection connection) {
        if (ended(connection)) {
            connection.abort();
        }
    }

    /** When something has come last; goes with what comes after the prologue. On the hub. */
    private static final class Hearing extends ChannelInboundHandlerAdapter {
        private final Loop loop;
        volatile long last;
        volatile boolean ended;

        Hearing(Loop loop) {
            this.loop = loop;
            last = loop.nanoTime();
        }

        @Override
        public void channelRead(ChannelHandlerContext context, Object message) {
            if (ended) {
                context.pipeline().remove(this);
            } else {
                last = loop.nanoTime();
            }
            context.fireChannelRead(message);
        }
    }
}
