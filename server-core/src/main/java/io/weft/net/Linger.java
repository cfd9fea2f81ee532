package io.weft.net;

import io.netty.channel.Channel;
import io.weft.Loop;
import io.weft.Timer;

import java.time.Duration;

/**
 * The limit on a closed connection that has yet to send what was written: none on the whole, but
 * the peer has to take some of it now and then. Loop-confined, on the hub.
 */
final class Linger extends Timer {
    /** nginx: send_timeout is 60 s, lingering 30 s. */
    static final Duration LIMIT = Duration.ofSeconds(30);

    private final Outlet outlet;
    private final Departures departures;

    /** Begins now, and ends with the channel. */
    Linger(Loop loop, Outlet outlet, Channel channel) {
        super(loop);
        this.outlet = outlet;
        this.departures = new Departures(channel);
        goOn();
        channel.closeFuture().addListener(closed -> cancel());
    }

    private void goOn() {
        schedule(loop().nanoTime() + LIMIT.toNanos());
    }

    @Override
    protected void fire() {
        if (departures.haveMoved()) {
            goOn();
        } else {
            outlet.abort();
        }
    }
}
