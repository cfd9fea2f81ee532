package io.weft.net;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelOutboundBuffer;
import io.netty.channel.FileRegion;

/**
 * Sees whether output gets on: whether the kernel has taken any of what Netty holds since the last
 * look, be it one byte of a large file. A limit on waiting for a peer is one between two of its
 * steps (nginx: send_timeout); one on the whole would cut everybody who is slow. Loop-confined.
 */
final class Departures {
    private final Channel channel;
    private long pending;
    private long progress; // of the message that is going out

    /** Looks for the first time. */
    Departures(Channel channel) {
        this.channel = channel;
        mark();
    }

    /** Looks, when more has been given to Netty. */
    void mark() {
        ChannelOutboundBuffer buffer = channel.unsafe().outboundBuffer();
        if (buffer != null) {
            pending = buffer.totalPendingWriteBytes();
            progress = buffer.currentProgress();
        }
    }

    /** Whether some has gone since the last look; looks again. */
    boolean haveMoved() {
        long pendingBefore = pending;
        long progressBefore = progress;
        mark();
        return pending < pendingBefore || progress != progressBefore;
    }

    /** How many bytes the kernel has yet to take; with TLS they are counted as encrypted. */
    static long outstanding(ChannelOutboundBuffer buffer) {
        var sum = new long[1];
        try {
            buffer.forEachFlushedMessage(
                    message -> {
                        if (message instanceof ByteBuf bytes) {
                            sum[0] += bytes.readableBytes();
                        } else if (message instanceof FileRegion region) {
                            sum[0] += region.count() - region.transferred();
                        }
                        return true;
                    });
        } catch (Exception e) {
            throw new IllegalStateException(e); // declared, and thrown by none
        }
        return sum[0];
    }
}
