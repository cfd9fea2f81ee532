package io.weft.http.websocket;

import io.netty.handler.codec.http.websocketx.PingWebSocketFrame;
import io.weft.Deadline;
import io.weft.Timer;
import io.weft.net.Connection;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.time.Duration;

/**
 * Pings the client now and then, and cuts the connection to one that gives no sign of life, or is
 * asked to close and does not. Loop-confined.
 */
final class Heartbeat extends Timer {
    private static final Logger LOG = LoggerFactory.getLogger(Heartbeat.class);

    private final Connection connection;
    private final FrameInbox inbox;
    private final long interval; // in nanoseconds; 0 for none
    private boolean pinged;
    private boolean closing;

    Heartbeat(Connection connection, FrameInbox inbox, @Nullable Duration interval) {
        super(connection.loop());
        this.connection = connection;
        this.inbox = inbox;
        this.interval = interval == null ? 0 : Deadline.nanos(interval);
    }

    void start() {
        connection.channel().closeFuture().addListener(closed -> cancel());
        if (interval > 0) {
            schedule(loop().nanoTime() + interval);
        }
    }

    /** No more pings: the connection is cut after {@code timeout}. */
    void cutAfter(Duration timeout) {
        closing = true;
        if (connection.channel().isOpen()) {
            schedule(loop().nanoTime() + Deadline.nanos(timeout));
        }
    }

    @Override
    protected void fire() {
        var channel = connection.channel();
        boolean alive = inbox.hasHeard();
        if (closing) {
            channel.close();
        } else if (pinged && !alive) {
            LOG.debug("{}: nothing came after a ping", connection);
            inbox.lost("nothing came within " + Duration.ofNanos(interval) + " of a ping");
            channel.close();
        } else {
            pinged = true;
            channel.writeAndFlush(new PingWebSocketFrame(), channel.voidPromise());
            schedule(loop().nanoTime() + interval);
        }
    }

    @Override
    public String toString() {
        return "heartbeat of " + connection;
    }
}
