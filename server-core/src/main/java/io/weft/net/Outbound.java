package io.weft.net;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelOutboundBuffer;
import io.netty.channel.FileRegion;
import io.netty.channel.WriteBufferWaterMark;
import io.netty.channel.socket.DuplexChannel;
import io.netty.handler.ssl.SslHandler;
import io.netty.util.ReferenceCountUtil;
import io.weft.HubTask;
import io.weft.Loop;
import io.weft.Timer;
import io.weft.Watchers;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayDeque;

/**
 * The outbound half of a connection. Coroutines gather output here; when they block, the hub hands
 * it to Netty and flushes once, so that small writes share a system call. More than the high-water
 * mark, here and in Netty, parks the writer. Loop-confined: {@link #run()} and what follows it on
 * the hub, the rest in coroutines.
 */
final class Outbound extends HubTask {
    /** As Netty's own water marks. */
    static final WriteBufferWaterMark MARKS = WriteBufferWaterMark.DEFAULT;

    /** A write larger than this goes on in pieces of this size. */
    private static final int PIECE = 64 * 1024;

    /**
     * How long a closed connection may take to send what was written (nginx: send_timeout is 60 s,
     * lingering 30 s).
     */
    private static final Duration LINGER = Duration.ofSeconds(30);

    private final Connection connection;
    private final Channel channel;
    private final Loop loop;
    private final LoopBuffers buffers;
    private @Nullable ArrayDeque<Object> queue; // made when staging alone does not do
    private @Nullable ByteBuf staging;
    private long queued;
    private @Nullable Gate gate; // made when the first one waits, or sets a limit

    private @Nullable IOException failure;
    private @Nullable IOException refusal; // of writes from now on; what is out is out
    private @Nullable Watchers watchers;
    private boolean shutDown;
    private boolean closing;
    private boolean flushing;
    private boolean writerWaits;
    private boolean resume;
    private boolean markerSent;
    private boolean lingering; // closing, and there is a limit to it
    private boolean closeNotified;

    Outbound(Connection connection, Channel channel, Loop loop, LoopBuffers buffers) {
        this.connection = connection;
        this.channel = channel;
        this.loop = loop;
        this.buffers = buffers;
    }

    /** Where whoever has to wait for room, or for the kernel, waits. */
    Gate gate() {
        if (gate == null) {
            gate = new Gate(loop, "write", connection);
        }
        return gate;
    }

    private void cancelGate() {
        if (gate != null) {
            gate.cancel();
        }
    }

    // ---- in coroutines

    void write(byte[] bytes, int offset, int length) throws IOException {
        for (int done = 0; done < length; ) {
            awaitRoom();
            int count = length - done;
            ByteBuf buffer = staging;
            if (buffer != null && buffer.isWritable()) {
                count = Math.min(count, buffer.writableBytes());
            } else {
                stagingToQueue();
                if (count <= buffers.stagingBytes) {
                    staging = buffer = buffers.takeStaging();
                } else {
                    count = Math.min(count, PIECE);
                    buffer = buffers.allocate(count);
                    enqueue(buffer);
                }
            }
            buffer.writeBytes(bytes, offset + done, count);
            added(count);
            done += count;
        }
    }

    /** Takes over {@code buffer}, also if it fails. */
    void write(ByteBuf buffer) throws IOException {
        add(buffer, buffer.readableBytes());
    }

    /** Takes over {@code region}, also if it fails. */
    void write(FileRegion region) throws IOException {
        add(region, region.count());
    }

    /** As the others, for what a handler of the pipeline will encode. */
    void write(Object message, long bytes) throws IOException {
        add(message, bytes);
    }

    private void add(Object message, long bytes) throws IOException {
        try {
            awaitRoom();
        } catch (Throwable e) {
            ReferenceCountUtil.release(message);
            throw e;
        }
        stagingToQueue();
        enqueue(message);
        added(bytes);
    }

    private void added(long bytes) {
        queued += bytes;
        loop.onHub(this);
    }

    private void enqueue(Object message) {
        if (queue == null) {
            queue = new ArrayDeque<>(4);
        }
        queue.addLast(message);
    }

    private @Nullable Object dequeue() {
        return queue == null ? null : queue.pollFirst();
    }

    private void stagingToQueue() {
        if (staging != null) {
            enqueue(staging);
            staging = null;
        }
    }

    private void awaitRoom() throws IOException {
        checkWritable();
        if (writerWaits) {
            gate().await(loop); // tells the second writer that there is a first, amid its bytes
        }
        while (queued + inNetty() >= MARKS.high()) {
            writerWaits = true;
            try {
                gate().await(loop);
            } finally {
                writerWaits = false;
            }
            checkWritable();
        }
    }

    private boolean hasRoom() {
        return failure != null || refusal != null || shutDown || queued + inNetty() < MARKS.high();
    }

    /** Has {@code told} run when a write would not wait. */
    void watch(Runnable told) {
        if (hasRoom()) {
            told.run();
            return;
        }
        if (watchers == null) {
            watchers = new Watchers();
        }
        watchers.add(told);
    }

    void unwatch(Runnable told) {
        if (watchers != null) {
            watchers.remove(told);
        }
    }

    /** Something has changed for those who wait here. */
    private void openGate() {
        if (gate != null) {
            gate.open();
        }
        if (watchers != null && hasRoom()) {
            watchers.tell();
        }
    }

    private void checkWritable() throws IOException {
        connection.checkNotClosed("write");
        if (failure != null) {
            throw DisconnectedException.of("write", connection, failure);
        }
        if (refusal != null) {
            throw DisconnectedException.of("write", connection, refusal);
        }
        if (shutDown) {
            throw new IOException(
                    "the output of " + connection + " was shut down before this write");
        }
    }

    /** Waits until everything written has been given to the kernel. */
    void flush() throws IOException {
        connection.checkNotClosed("write");
        while (!isDrained()) {
            if (failure != null) {
                throw DisconnectedException.of("write", connection, failure);
            }
            flushing = true;
            loop.onHub(this);
            gate().await(loop);
        }
        if (failure != null) {
            throw DisconnectedException.of("write", connection, failure);
        }
    }

    void shutDown() throws IOException {
        checkWritable();
        shutDown = true;
        loop.onHub(this);
    }

    /** Sends what was written, then closes; does not wait. Whoever writes is told. */
    void close(IOException reason) {
        if (failure == null) {
            failure = reason;
        }
        closing = true;
        openGate();
        cancelGate();
        loop.onHub(this);
    }

    void requestResume() {
        resume = true;
        loop.onHub(this);
    }

    // ---- on the hub

    @Override
    protected void run() {
        if (resume) {
            resume = false;
            connection.inbound.resume(channel);
        }
        if (queued > 0) {
            handToNetty();
        }
        boolean drained = isDrained();
        if (drained) {
            finish();
        } else if (flushing || closing || shutDown) {
            sendMarker();
            if (closing) {
                closeAtTheLatest();
            }
        }
        if (drained || inNetty() < MARKS.low()) {
            openGate();
        }
    }

    private void sendMarker() {
        if (!markerSent) {
            markerSent = true;
            channel.writeAndFlush(Unpooled.EMPTY_BUFFER)
                    .addListener((ChannelFutureListener) this::markerDone);
        }
    }

    /**
     * What was written before the marker is out; or the channel fails everything, the marker too.
     */
    private void markerDone(ChannelFuture marker) {
        markerSent = false;
        if (marker.isSuccess()) {
            loop.onHub(this);
        } else {
            channel.close(); // another marker would fail as this one did, for ever
        }
    }

    private void handToNetty() {
        queued = 0;
        for (Object message; (message = dequeue()) != null; ) {
            channel.write(message, channel.voidPromise());
        }
        ByteBuf last = staging;
        staging = null;
        if (last == null) {
            channel.flush();
            return;
        }
        channel.write(last.retain(), channel.voidPromise());
        channel.flush();
        buffers.giveStaging(last);
    }

    /** Everything is out: does what was to come after it. */
    private void finish() {
        flushing = false;
        if (closing) {
            channel.close();
        } else if (shutDown
                && channel instanceof DuplexChannel duplex
                && !duplex.isOutputShutdown()) {
            var tls = channel.pipeline().get(SslHandler.class);
            if (tls == null) {
                duplex.shutdownOutput();
            } else if (!closeNotified) {
                closeNotified = true;
                markerSent = true; // nothing can follow it
                tls.closeOutbound().addListener((ChannelFutureListener) this::markerDone);
            }
        }
    }

    private void closeAtTheLatest() {
        if (lingering) {
            return;
        }
        lingering = true;
        var timer =
                new Timer(loop) {
                    @Override
                    protected void fire() {
                        channel.close();
                    }
                };
        timer.schedule(loop.nanoTime() + LINGER.toNanos());
        channel.closeFuture().addListener(closed -> timer.cancel());
    }

    void writabilityChanged() {
        if (channel.isWritable()) {
            openGate();
        }
    }

    void failed(IOException reason) {
        if (failure == null) {
            failure = reason;
        }
        openGate();
    }

    /**
     * The peer has sent its close_notify. TLS before 1.3 then ends this direction too (RFC 5246
     * section 7.2.1); the engine would drop further output without a word.
     */
    void peerHasSaidGoodbye() {
        var tls = channel.pipeline().get(SslHandler.class);
        if (tls != null && !"TLSv1.3".equals(tls.engine().getSession().getProtocol())) {
            refusal = new IOException("the peer has ended the TLS 1.2 session");
            openGate();
        }
    }

    /** The channel has gone: nothing more goes out. */
    void channelClosed(@Nullable IOException reason) {
        failed(reason != null ? reason : new IOException("Connection closed"));
        queued = 0;
        stagingToQueue();
        for (Object message; (message = dequeue()) != null; ) {
            ReferenceCountUtil.release(message);
        }
        cancelGate();
        connection.inbound.gate.cancel();
    }

    private boolean isDrained() {
        if (queued > 0) {
            return false;
        }
        ChannelOutboundBuffer buffer = channel.unsafe().outboundBuffer();
        return buffer == null || (buffer.isEmpty() && buffer.totalPendingWriteBytes() == 0);
    }

    private long inNetty() {
        ChannelOutboundBuffer buffer = channel.unsafe().outboundBuffer();
        return buffer == null ? 0 : buffer.totalPendingWriteBytes();
    }

    @Override
    public String toString() {
        return "output of " + connection;
    }
}
