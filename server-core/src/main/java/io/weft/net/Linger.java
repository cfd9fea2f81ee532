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
 * now and then. If the peer has sent what nobody has read, or may send more before the kernel has
 * sent all, this side then ends its output only and drops what comes: after a close the kernel
 * would answer that by a reset, and forget what it has yet to send (RFC 9112 section 9.6).
 * Loop-confined, on the hub.
 *
 * <pre>
 *   closed ──▶ output goes out ──▶ closes
 *                     └──input, or much output──▶ listens ──the peer's end, or a limit──▶ closes
 * </pre>
 */
final class Linger extends Timer {
    /** nginx: send_timeout is 60 s, lingering 30 s. */
    static final Duration LIMIT = Duration.ofSeconds(30);

    /** How long to listen to somebody who says nothing (nginx: lingering_timeout). */
    static final Duration SILENCE = Duration.ofSeconds(5);

    /** How long to listen to somebody who takes nothing of the output (nginx: lingering_time). */
    static final Duration WHOLE = Duration.ofSeconds(30);

    /** When to look first whether the kernel has sent everything; then at twice the time. */
    private static final Duration LOOK = Duration.ofMillis(50);

    private final Outlet outlet;
    private final Channel channel;
    private final Departures departures;
    private @Nullable Discard discard;
    private boolean listens;
    private boolean unread; // the peer has sent what is dropped
    private long listensUntil;
    private long moved; // when it was last seen that the kernel sends
    private Duration pause = LOOK;

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
     * Everything has gone to the kernel: ends the output, and waits for the peer to do the same; if
     * nothing is {@code unread}, only while the kernel has something to send.
     */
    void listen(boolean unread) {
        discardInput();
        listens = true;
        this.unread = unread;
        moved = loop().nanoTime();
        listensUntil = moved + WHOLE.toNanos();
        goOn(unread ? SILENCE : pause);
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
        boolean moves = departures.haveMoved();
        if (listens) {
            goOnListening(moves);
        } else if (moves) {
            goOn(LIMIT);
        } else {
            outlet.abort();
        }
    }

    private void goOnListening(boolean moves) {
        boolean heard = discard != null && discard.hasHeard();
        unread |= heard;
        long now = loop().nanoTime();
        if (moves) {
            moved = now;
        }
        if (heard && (moves || listensUntil - now > 0)) {
            goOn(SILENCE);
        } else if (!unread && now - moved < SILENCE.toNanos() && LastLook.findsOutput(channel)) {
            pause = pause.compareTo(SILENCE) < 0 ? pause.multipliedBy(2) : pause;
            goOn(pause);
        } else {
            close();
        }
    }
}
