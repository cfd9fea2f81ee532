package io.weft.net;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelOption;
import io.netty.channel.ChannelOutboundBuffer;
import io.netty.channel.WriteBufferWaterMark;
import io.netty.channel.socket.DuplexChannel;
import io.netty.handler.ssl.SslHandler;
import io.netty.util.ReferenceCountUtil;
import io.weft.HubTask;
import io.weft.Loop;
import io.weft.Watchers;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.util.ArrayDeque;

/**
 * Where output goes out: the hub hands what coroutines have gathered to Netty and flushes once, so
 * that small writes share a system call, and does what was to come after it, when it is out. {@link
 * Outbound} is the coroutines' side of the same object: two would cost every idle connection a
 * second one. Loop-confined; what follows {@link #run()} on the hub.
 */
abstract sealed class Outlet extends HubTask permits Outbound {
    /** As Netty's own water marks. */
    static final WriteBufferWaterMark MARKS = WriteBufferWaterMark.DEFAULT;

    /** Bytes that TCP sends before it has heard of the peer (RFC 6928: ten segments). */
    private static final int FIRST_FLIGHT = 14_600;

    final Connection connection;
    private final Channel channel;
    final Loop loop;
    final LoopBuffers buffers;
    private @Nullable ArrayDeque<Object> queue; // made when staging alone does not do
    @Nullable ByteBuf staging;
    long queued;
    long written; // in all
    private @Nullable WriteGate gate; // made when the first one waits, or sets a limit

    @Nullable IOException failure;
    @Nullable IOException refusal; // of writes from now on; what is out is out
    private @Nullable Watchers watchers;
    boolean shutDown;
    private boolean closing;
    private boolean resets; // when it closes
    boolean flushing;
    private boolean resume;
    private boolean markerSent;
    private @Nullable Linger linger; // closing, and there is a limit to it
    private long left; // in Netty's hands when that was last known
    private boolean closeNotified;

    Outlet(Connection connection, Channel channel, Loop loop, LoopBuffers buffers) {
        this.connection = connection;
        this.channel = channel;
        this.loop = loop;
        this.buffers = buffers;
    }

    /** Where whoever has to wait for room, or for the kernel, waits. */
    final Gate gate() {
        if (gate == null) {
            gate = new WriteGate(loop, connection, channel);
        }
        return gate;
    }

    private void cancelGate() {
        if (gate != null) {
            gate.cancel();
        }
    }

    final void enqueue(Object message) {
        if (queue == null) {
            queue = new ArrayDeque<>(4);
        }
        queue.addLast(message);
    }

    private @Nullable Object dequeue() {
        return queue == null ? null : queue.pollFirst();
    }

    final void stagingToQueue() {
        if (staging != null) {
            enqueue(staging);
            staging = null;
        }
    }

    private boolean hasRoom() {
        return failure != null || refusal != null || shutDown || !isFull();
    }

    /** As Netty counts: at the mark there is room, and nobody is told when there is more. */
    final boolean isFull() {
        return queued + inNetty() > MARKS.high();
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

    @Override
    protected void run() {
        if (resume) {
            resume = false;
            connection.inbound.resume(channel);
        }
        if (queued > 0) {
            handToNetty();
            if (gate != null && gate.isOccupied()) {
                gate.mark();
            }
        }
        boolean drained = isDrained();
        if (drained) {
            finish();
        } else {
            left = inNetty();
            if (flushing || closing || shutDown) {
                sendMarker();
            }
            if (closing) {
                linger();
            }
        }
        if (drained || (!flushing && (inNetty() < MARKS.low() || channel.isWritable()))) {
            openGate(); // of a channel that is writable no change will be told
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
        if (channel.isOpen()) {
            left = 0;
        }
        if (closing && resets) {
            reset();
        } else if (closing) {
            end();
        } else if (shutDown
                && channel instanceof DuplexChannel duplex
                && !duplex.isOutputShutdown()
                && !sayGoodbye()) {
            duplex.shutdownOutput();
        }
    }

    /** The end of TLS, which comes before that of the channel: whether that has yet to go out. */
    private boolean sayGoodbye() {
        var tls = connection.tls();
        if (tls == null || closeNotified) {
            return tls != null && !closing;
        }
        closeNotified = true;
        markerSent = true; // nothing can follow it
        tls.closeOutbound().addListener((ChannelFutureListener) this::markerDone);
        return true;
    }

    /** Closes; if that would have the kernel forget what it has yet to send, listens first. */
    private void end() {
        if (isListening()) {
            return;
        }
        boolean cares = caresHowItCloses();
        boolean unread = cares && (connection.inbound.unread || LastLook.findsInput(channel));
        if (!unread && !(cares && hasUnsentOutput())) {
            channel.close();
            return;
        }
        connection.inbound.unread = unread;
        if (!sayGoodbye()) {
            linger().listen(unread);
        }
    }

    /** Whether the peer may send more, and there is something to lose by that. */
    private boolean caresHowItCloses() {
        return written > 0
                && channel instanceof DuplexChannel duplex
                && channel.isOpen()
                && !duplex.isInputShutdown()
                && !isShakingHands();
    }

    /** Of most answers the kernel has sent everything at once. */
    private boolean hasUnsentOutput() {
        return written > FIRST_FLIGHT && LastLook.findsOutput(channel);
    }

    private boolean isListening() {
        return linger != null && linger.isListening();
    }

    private Linger linger() {
        if (linger == null) {
            linger = new Linger(loop, this, channel);
            if (!isShakingHands()) {
                linger.discardInput(); // or a peer that first sends would never come to read
            }
        }
        return linger;
    }

    /** Closes at once. If something is lost by that the peer is to see it. */
    void abort() {
        if (isDrained() && !resets && (isShakingHands() || isListening())) {
            LastRead.closePastAll(channel); // TLS would wait for the handshake's end, or the peer's
        } else if (isDrained() && !resets) {
            channel.close();
        } else {
            reset();
        }
    }

    /** The peer is not to see a plain end, even if nothing is lost. */
    void resetAtTheClose() {
        resets = true;
    }

    /** Closes without an end, and without the farewell of TLS: they would say that this was all. */
    private void reset() {
        if (!channel.isOpen()) {
            return;
        }
        noteLeft();
        channel.config().setOption(ChannelOption.SO_LINGER, 0); // by RST, where there is one
        LastRead.closePastAll(channel);
    }

    private boolean isShakingHands() {
        var tls = channel.pipeline().get(SslHandler.class);
        return channel.isOpen() && tls != null && !tls.handshakeFuture().isDone();
    }

    void writabilityChanged() {
        if (channel.isWritable()) {
            openGate();
        }
    }

    void failed(IOException reason) {
        noteLeft();
        if (failure == null) {
            failure = reason;
        }
        openGate();
    }

    /**
     * The peer has sent its close_notify. TLS before 1.3 then ends this direction too (RFC 5246
     * section 7.2.1), and so does the JDK's engine after a user_canceled, by which its sockets say
     * that they are closed altogether (RFC 8446 section 6.1). The engine drops further output
     * without a word.
     */
    void peerHasSaidGoodbye() {
        var tls = connection.tls();
        if (tls == null) {
            return;
        }
        var engine = tls.engine();
        if (engine.isOutboundDone() || !"TLSv1.3".equals(engine.getSession().getProtocol())) {
            refusal = new IOException("the peer has ended the TLS session");
            if (queued > 0) {
                failed(refusal); // that would be dropped, too
            }
            openGate();
        }
    }

    /** The channel has gone: nothing more goes out. */
    void channelClosed(@Nullable IOException reason) {
        failed(reason != null ? reason : new IOException("Connection closed"));
        left += queued;
        queued = 0;
        stagingToQueue();
        for (Object message; (message = dequeue()) != null; ) {
            ReferenceCountUtil.release(message);
        }
        cancelGate();
        connection.inbound.gate.cancel();
    }

    private void noteLeft() {
        ChannelOutboundBuffer buffer = channel.unsafe().outboundBuffer();
        if (buffer != null) {
            left = buffer.isEmpty() ? 0 : Departures.outstanding(buffer);
        }
    }

    /** What was written and the kernel has not taken; of a failed connection: never took. */
    final long unsent() {
        ChannelOutboundBuffer buffer = channel.unsafe().outboundBuffer();
        if (buffer == null) {
            return queued + left;
        }
        return buffer.isEmpty() ? queued : queued + Departures.outstanding(buffer);
    }

    final boolean isDrained() {
        if (queued > 0) {
            return false;
        }
        ChannelOutboundBuffer buffer = channel.unsafe().outboundBuffer();
        return buffer == null || (buffer.isEmpty() && buffer.totalPendingWriteBytes() == 0);
    }

    final long inNetty() {
        ChannelOutboundBuffer buffer = channel.unsafe().outboundBuffer();
        return buffer == null ? 0 : buffer.totalPendingWriteBytes();
    }

    @Override
    public String toString() {
        return "output of " + connection;
    }
}
