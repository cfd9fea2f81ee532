package io.weft.http.h1;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.handler.codec.http.DefaultHttpContent;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpMessageDecoderResult;
import io.netty.handler.codec.http.HttpObject;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.handler.ssl.SslCloseCompletionEvent;
import io.netty.util.ReferenceCountUtil;
import io.weft.HubTask;
import io.weft.Loop;
import io.weft.net.Connection;
import io.weft.net.DisconnectedException;
import io.weft.net.Gate;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayDeque;

/**
 * Where what was decoded waits for the connection's coroutine. What it holds is reckoned in bytes
 * of memory, not in messages or in bytes of body: more than a limit stops the reading from the
 * socket, and the decoding of what has been read. A small piece of a body is copied to where the
 * last one is; it would cost ten times its size, and keep alive the whole of what it was read with.
 * Loop-confined.
 */
final class Inbox extends ChannelInboundHandlerAdapter implements AutoCloseable {
    /** As a connection's mailbox. */
    private static final int MOST_BYTES = 64 * 1024;

    /** About what a request, a field and a piece of a body take beside their bytes. */
    private static final int REQUEST_COST = 512;

    private static final int FIELD_COST = 96;
    private static final int PIECE_COST = 128;

    /** What small pieces are gathered in. */
    private static final int GATHERED_BYTES = 1024;

    /** A piece that is less than this part of what it was read with is small. */
    private static final int SMALL_PART = 4;

    private final Connection connection;
    private final Loop loop;
    private final Gate gate;
    private final ArrayDeque<HttpObject> queue = new ArrayDeque<>(3);
    private @Nullable ByteBuf gathering; // of the queue's last piece, if there is room in it
    private int held; // bytes of memory, about
    private boolean paused;
    private boolean ended;
    private boolean discards;
    private @Nullable IOException failure;
    private @Nullable Runnable onEnd;

    private final HubTask resume =
            new HubTask() {
                @Override
                protected void run() {
                    if (paused && held <= MOST_BYTES / 2) {
                        paused = false;
                        goOn();
                    }
                }
            };

    Inbox(Connection connection) {
        this.connection = connection;
        this.loop = connection.loop();
        this.gate = new Gate(loop, "read", connection);
    }

    // ---- on the hub

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        if (ended || discards || !(message instanceof HttpObject part)) {
            ReferenceCountUtil.release(message);
            return;
        }
        if (part == LastHttpContent.EMPTY_LAST_CONTENT) { // the usual one costs nothing
            queue.addLast(part);
            gathering = null;
        } else {
            add(context.alloc(), part);
            if (!paused && held >= MOST_BYTES) {
                paused = true;
                context.channel().config().setAutoRead(false);
            }
        }
        gate.open();
    }

    private void add(ByteBufAllocator allocator, HttpObject part) {
        HttpObject kept = part;
        if (part instanceof HttpContent content && isSmall(content.content())) {
            if (!(part instanceof LastHttpContent)) {
                gather(allocator, content.content());
                content.release();
                return;
            }
            kept = content.copy();
            content.release();
        }
        gathering = null;
        queue.addLast(kept);
        held += cost(kept);
    }

    private static boolean isSmall(ByteBuf bytes) {
        int whole = bytes.capacity();
        for (ByteBuf next = bytes.unwrap(); next != null; next = next.unwrap()) {
            whole = Math.max(whole, next.capacity());
        }
        return bytes.readableBytes() < whole / SMALL_PART;
    }

    private void gather(ByteBufAllocator allocator, ByteBuf bytes) {
        int count = bytes.readableBytes();
        ByteBuf last = gathering;
        if (last == null || last.writableBytes() < count) {
            last = allocator.directBuffer(Math.max(GATHERED_BYTES, count));
            gathering = last;
            var piece = new DefaultHttpContent(last);
            queue.addLast(piece);
            held += cost(piece);
        }
        last.writeBytes(bytes);
    }

    /** Of memory, in bytes; the same from its coming to its going. */
    private static int cost(HttpObject part) {
        if (part instanceof HttpRequest request) {
            int bytes =
                    request.decoderResult() instanceof HttpMessageDecoderResult result
                            ? result.totalSize()
                            : 0;
            return REQUEST_COST + bytes + FIELD_COST * request.headers().size();
        }
        if (part instanceof LastHttpContent last && !last.trailingHeaders().isEmpty()) {
            int bytes = 0;
            for (var each = last.trailingHeaders().iteratorCharSequence(); each.hasNext(); ) {
                var field = each.next();
                bytes += field.getKey().length() + field.getValue().length() + FIELD_COST;
            }
            return PIECE_COST + last.content().capacity() + bytes;
        }
        return PIECE_COST + ((HttpContent) part).content().capacity();
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext context, Object event) throws Exception {
        if (event instanceof ChannelInputShutdownEvent
                || event instanceof SslCloseCompletionEvent) {
            end(null);
        }
        super.userEventTriggered(context, event);
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) throws Exception {
        end(null);
        gate.cancel();
        super.channelInactive(context);
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) throws Exception {
        end(cause instanceof IOException io ? io : new IOException(cause.toString(), cause));
        super.exceptionCaught(context, cause);
    }

    private void end(@Nullable IOException reason) {
        if (!ended) {
            ended = true;
            failure = reason;
            gate.open();
            if (onEnd != null) {
                onEnd.run();
            }
        }
    }

    /** First with what was read and not decoded. */
    private void goOn() {
        var decoder = connection.channel().pipeline().context(RequestDecoder.class);
        if (decoder != null) {
            ((RequestDecoder) decoder.handler()).resume(decoder);
        }
        if (!paused && !ended) {
            connection.channel().config().setAutoRead(true);
        }
    }

    /** Whether there is no room for more. */
    boolean isFull() {
        return paused;
    }

    /** Whatever was or will be decoded is dropped: another handler reads from now on. */
    void retire() {
        discards = true;
        clear();
    }

    // ---- in the coroutine

    /** The limit on each wait from now on; null for none. */
    void limit(@Nullable Duration wait) {
        gate.limit(wait);
    }

    /**
     * What was decoded next; null at the end of the stream. What holds a buffer is the caller's to
     * release.
     *
     * @throws java.net.SocketTimeoutException at the limit
     */
    @Nullable HttpObject next() throws IOException {
        while (queue.isEmpty()) {
            if (failure != null) {
                throw new DisconnectedException(
                        connection, connection + " failed: " + failure.getMessage(), failure);
            }
            if (ended || !connection.isOpen()) {
                return null;
            }
            gate.await(loop);
        }
        HttpObject part = queue.removeFirst();
        if (part == LastHttpContent.EMPTY_LAST_CONTENT) {
            return part;
        }
        held -= cost(part);
        if (gathering != null && queue.isEmpty()) {
            gathering = null; // it goes
        }
        if (paused && held <= MOST_BYTES / 2) {
            loop.onHub(resume);
        }
        return part;
    }

    boolean isEmpty() {
        return queue.isEmpty();
    }

    /** What {@link #next()} would return without waiting; null if it would wait. */
    @Nullable HttpObject peek() {
        return queue.peekFirst();
    }

    /**
     * Has that run on the hub when nothing more will come, at once if that is so; null: nothing.
     */
    void onEnd(@Nullable Runnable told) {
        onEnd = told;
        if (ended && told != null) {
            told.run();
        }
    }

    /** Whether nothing more will come. */
    boolean hasEnded() {
        return ended;
    }

    /** Whether the connection ended by a failure. */
    boolean hasFailed() {
        return failure != null;
    }

    /** This side has closed the connection, whether or not its coroutine ever came to look. */
    @Override
    public void close() {
        retire();
        gate.open(); // whoever waits here is told
    }

    private void clear() {
        queue.forEach(ReferenceCountUtil::release);
        queue.clear();
        gathering = null;
        held = 0;
        gate.cancel();
    }
}
