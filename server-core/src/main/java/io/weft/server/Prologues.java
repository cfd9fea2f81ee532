package io.weft.server;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.weft.Loop;
import io.weft.net.Connection;

import org.jspecify.annotations.Nullable;

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
    private volatile @Nullable Loop stopping; // where one watches then

    /** Within {@code moment} of being accepted, or heard, a connection is a lively one. */
    Prologues(Duration moment) {
        this.moment = moment.toNanos();
    }

    /** Listens to a connection that is being made. On the hub. */
    void expect(Connection connection) {
        connection.channel().pipeline().addFirst(new Hearing(connection.loop()));
    }

    /** In the connection's coroutine. */
    void begun(Connection connection) {
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
    boolean ended(Connection connection) {
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
