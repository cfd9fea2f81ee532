package io.weft.net;

import io.netty.channel.Channel;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.socket.DuplexChannel;
import io.weft.Loop;
import io.weft.Timer;

import org.jspecify.annotations.Nullable;

import java.time.Duration;

/**
 * The end of a connection that this side has closed, and that cannot close yet. While what was
 * written is still to go out, there is no limit on the whole, but the peer has to take some of it
 * now and then. If the peer has sent what nobody has read, this side then ends its output only and
 * drops what comes: at a close the kernel would answer that by a reset, and forget what it has yet
 * to send (RFC 9112 section 9.6). Loop-confined, on the hub.
 *
 * <pre>
 *   closed ──▶ output goes out ──▶ closes
 *                     └──something is unread──▶ listens ──the peer's end, or a limit──▶ closes
 * </pre>
 */
final class Linger extends Timer {
    /** nginx: send_timeout is 60 s, lingering 30 s. */
    static final Duration LIMIT = Duration.ofSeconds(30);

    /** How long to listen to somebody who says nothing (nginx: lingering_timeout). */
    static final Duration SILENCE = Duration.ofSeconds(5);

    /** How long to listen to somebody who takes nothing of the output (nginx: lingering_time). */
    static final Duration WHOLE = Duration.ofSeconds(30);

    private final Outlet outlet;
    private final Channel channel;
    private final Departures departures;
    private @Nullable Discard discard;
    private boolean listens;
    private long listensUntil;

    /** Begins now, and ends with the channel. */
    Linger(Loop loop, Outlet outlet, Channel channel) {
        super(loop);
        this.outlet = outlet;
        this.channel = channel;
        this.departures = new Departures(channel);
        goOn(LIMIT);
        channel.closeFuture().addListener(closed -> cancel());
    }

    /** Drops from now on what comes; but TLS needs it while it shakes hands. */
    void discardInput() {
        if (discard == null) {
            discard = new Discard(this::peerHasEnded);
            channel.pipeline().addFirst(discard);
        }
    }

    /**
     * Everything has gone to the kernel: ends the output, and waits for the peer to do the same.
     */
    void listen() {
        discardInput();
        listens = true;
        listensUntil = loop().nanoTime() + WHOLE.toNanos();
        goOn(SILENCE);
        ((DuplexChannel) channel)
                .shutdownOutput()
                .addListener(
                        (ChannelFutureListener)
                                ended -> {
                                    if (!ended.isSuccess()) {
                                        close(); // the peer has gone
                                    }
                                });
    }

    boolean isListening() {
        return listens;
    }

    private void peerHasEnded() {
        if (listens) {
            close();
        }
    }

    private void close() {
        LastRead.closePastAll(channel);
    }

    private void goOn(Duration time) {
        schedule(loop().nanoTime() + time.toNanos());
    }

    @Override
    protected void fire() {
        boolean moved = departures.haveMoved();
        if (!listens && moved) {
            goOn(LIMIT);
        } else if (!listens) {
            outlet.abort();
        } else if (discard != null
                && discard.hasHeard()
                && (moved || listensUntil - loop().nanoTime() > 0)) {
            goOn(SILENCE);
        } else {
            close();
        }
    }
}
