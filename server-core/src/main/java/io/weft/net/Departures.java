package io.weft.net;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelException;
import io.netty.channel.ChannelOutboundBuffer;
import io.netty.channel.FileRegion;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.channel.epoll.EpollTcpInfo;

/**
 * Sees whether output gets on: whether the kernel has taken any of what Netty holds since the last
 * look, be it one byte of a large file, or has sent some of what it took. A limit on waiting for a
 * peer is one between two of its steps (nginx: send_timeout); one on the whole would cut everybody
 * who is slow. Loop-confined.
 *
 * <p>What the kernel has sent only epoll's channels can tell, of TCP, and they are asked only when
 * nothing else has moved: the kernel asks for more when a third of its buffer is free, which may be
 * 4 MB (Linux: tcp_wmem), and somebody who takes 20 KB/s makes no such step within a minute. With
 * NIO and io_uring, steps are as large as that.
 */
final class Departures {
    /** The kernel's clock for what it sends may be so coarse (Linux: HZ=100). */
    private static final long KERNEL_TICK = 10_000_000; // ns

    private static final long MILLI = 1_000_000; // ns

    private final Channel channel;
    private long pending;
    private long progress; // of the message that is going out
    private long looked; // System.nanoTime(), as it is the kernel's time, whatever the loop's is

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
        looked = System.nanoTime();
    }

    /** Whether some has gone since the last look; looks again. */
    boolean haveMoved() {
        long pendingBefore = pending;
        long progressBefore = progress;
        long lookedBefore = looked;
        mark();
        return pending < pendingBefore
                || progress != progressBefore
                || hasKernelSentSince(lookedBefore);
    }

    /** What it sends again, for want of an acknowledgement, does not count. */
    private boolean hasKernelSentSince(long time) {
        if (!(channel instanceof EpollSocketChannel socket) || !socket.isOpen()) {
            return false;
        }
        try {
            EpollTcpInfo info = socket.tcpInfo();
            long sent = System.nanoTime() - info.lastDataSent() * MILLI;
            return info.retransmits() == 0 && sent - time > KERNEL_TICK;
        } catch (ChannelException e) {
            return false; // it has gone
        }
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
