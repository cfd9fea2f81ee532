package io.weft.net;

import io.netty.channel.Channel;
import io.weft.Loop;

import org.jspecify.annotations.Nullable;

/** Where a writer waits for room, or for the kernel; its limit begins anew with each step. */
final class WriteGate extends Gate {
    private final Channel channel;
    private @Nullable Departures departures; // made when there is a limit to a wait

    WriteGate(Loop loop, Connection connection, Channel channel) {
        super(loop, "write", connection);
        this.channel = channel;
    }

    /** More has been given to Netty, while somebody waits. */
    void mark() {
        if (departures != null) {
            departures.mark();
        }
    }

    @Override
    void begin() {
        if (departures == null) {
            departures = new Departures(channel);
        } else {
            departures.mark();
        }
    }

    @Override
    boolean hasMoved() {
        return departures != null && departures.haveMoved();
    }
}
