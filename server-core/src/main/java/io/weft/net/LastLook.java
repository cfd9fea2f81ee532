package io.weft.net;

import io.netty.channel.Channel;
import io.netty.channel.nio.AbstractNioChannel.NioUnsafe;
import io.netty.channel.socket.SocketChannel;
import io.netty.channel.unix.UnixChannel;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ReadableByteChannel;

/**
 * Looks whether the kernel has input that nobody has read, or output that it has yet to send: one
 * system call each. For channels that are about to be closed, as a byte may be lost. On the hub.
 */
final class LastLook {
    /** One byte, of which nobody asks what it is; so loops can share it. */
    private static final ByteBuffer BIN = ByteBuffer.allocateDirect(1);

    private LastLook() {}

    static boolean findsInput(Channel channel) {
        if (channel instanceof UnixChannel unix) {
            return unix.fd().isOpen() && Descriptor.hasInput(unix.fd().intValue());
        }
        if (channel.unsafe() instanceof NioUnsafe nio
                && nio.ch() instanceof ReadableByteChannel input) {
            try {
                return input.read(BIN.duplicate()) > 0;
            } catch (IOException e) {
                return false; // it has gone
            }
        }
        return false;
    }

    /**
     * Output that may have to be sent again counts too. Where the kernel cannot be asked, yes; what
     * goes to a Unix socket is with the peer at once.
     */
    static boolean findsOutput(Channel channel) {
        return channel instanceof SocketChannel
                && (!(channel instanceof UnixChannel unix)
                        || (unix.fd().isOpen()
                                && Descriptor.outstanding(unix.fd().intValue()) > 0));
    }
}
