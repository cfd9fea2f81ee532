package io.weft.net;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelPromise;
import io.netty.channel.socket.DatagramPacket;
import io.weft.HubTask;

import org.jspecify.annotations.Nullable;

import java.net.InetSocketAddress;
import java.util.ArrayDeque;

/**
 * Datagrams on their way to the kernel: those of all coroutines that are ready in one turn go out
 * together. Loop-confined.
 */
final class DatagramOutbox extends HubTask {
    private record Parcel(Object message, ChannelPromise promise) {}

    private final Channel channel;
    private final ArrayDeque<Parcel> parcels = new ArrayDeque<>();

    DatagramOutbox(Channel channel) {
        this.channel = channel;
    }

    /** In a coroutine. Done when the kernel has taken it. */
    ChannelPromise add(byte[] bytes, @Nullable InetSocketAddress target) {
        ByteBuf buffer = Unpooled.wrappedBuffer(bytes);
        ChannelPromise promise = channel.newPromise();
        parcels.addLast(
                new Parcel(target == null ? buffer : new DatagramPacket(buffer, target), promise));
        return promise;
    }

    @Override
    protected void run() {
        for (Parcel parcel; (parcel = parcels.pollFirst()) != null; ) {
            channel.write(parcel.message(), parcel.promise());
        }
        channel.flush();
    }

    @Override
    public String toString() {
        return "output of " + channel;
    }
}
