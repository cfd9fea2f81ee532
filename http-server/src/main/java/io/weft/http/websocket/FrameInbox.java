package io.weft.http.websocket;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.handler.codec.DecoderException;
import io.netty.handler.codec.TooLongFrameException;
import io.netty.handler.codec.compression.DecompressionException;
import io.netty.handler.codec.http.websocketx.CloseWebSocketFrame;
import io.netty.handler.codec.http.websocketx.CorruptedWebSocketFrameException;
import io.netty.handler.codec.http.websocketx.PingWebSocketFrame;
import io.netty.handler.codec.http.websocketx.PongWebSocketFrame;
import io.netty.handler.codec.http.websocketx.WebSocketFrame;
import io.netty.handler.ssl.SslCloseCompletionEvent;
import io.netty.util.ReferenceCountUtil;
import io.weft.HubTask;
import io.weft.Loop;
import io.weft.Watchers;
import io.weft.net.Connection;
import io.weft.net.Gate;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.zip.DataFormatException;

/**
 * Where messages wait for the connection's coroutine; pings are answered here, at once. More than a
 * limit, in bytes of memory, stops the reading from the socket, and the decoding of what has been
 * read. How the client's side ended is learnt here, but waits for its turn behind the messages, so
 * that they can still be answered. Loop-confined.
 */
final class FrameInbox extends ChannelInboundHandlerAdapter {
    /** As a connection's mailbox. */
    private static final int MOST_BYTES = 64 * 1024;

    /** About what a message takes beside its bytes. */
    private static final int MESSAGE_COST = 256;

    private final Connection connection;
    private final Loop loop;
    private final int messageSize;
    private final Gate gate;
    private final ArrayDeque<WebSocketFrame> queue = new ArrayDeque<>(3);
    private int held; // bytes of memory, about
    private boolean paused;
    private boolean discards;
    private boolean heard;
    private boolean answersPings = true;
    private boolean pongUnflushed;
    private @Nullable ByteBuf owed; // the ping to answer when the client reads again
    private @Nullable Ending ending;
    private boolean over; // there is no more input
    private @Nullable Runnable onEnd;
    private @Nullable Gate closer;
    private @Nullable Watchers watchers;

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

    FrameInbox(Connection connection, int messageSize) {
        this.connection = connection;
        this.loop = connection.loop();
        this.messageSize = messageSize;
        this.gate = new Gate(loop, "receive", connection);
    }

    // ---- on the hub

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        if (ending != null || !(message instanceof WebSocketFrame frame)) {
            ReferenceCountUtil.release(message);
            return;
        }
        switch (frame) {
            case PingWebSocketFrame ping -> pong(context, ping.content());
            case PongWebSocketFrame pong -> pong.release(); // that bytes came was noticed
            case CloseWebSocketFrame close -> closed(close);
            default -> arrived(context, frame);
        }
    }

    private void arrived(ChannelHandlerContext context, WebSocketFrame frame) {
        int size = frame.content().readableBytes();
        if (discards || size > messageSize) {
            frame.release();
            if (size > messageSize) {
                tooBig();
            }
            return;
        }
        queue.addLast(frame);
        held += MESSAGE_COST + size;
        if (!paused && held >= MOST_BYTES) {
            paused = true;
            context.channel().config().setAutoRead(false);
        }
        changed();
    }

    /** Whether there is no room for more. */
    boolean isFull() {
        return paused;
    }

    /** First with what was read and not decoded. */
    private void goOn() {
        var decoder = connection.channel().pipeline().context(EagerDecoder.class);
        if (decoder != null) {
            ((EagerDecoder) decoder.handler()).resume(decoder);
        }
        if (!paused && !over) {
            connection.channel().config().setAutoRead(true);
        }
    }

    /**
     * To a client that sends pings and does not read, only the last is answered (RFC 6455 section
     * 5.5.3).
     */
    private void pong(ChannelHandlerContext context, ByteBuf payload) {
        if (!answersPings) {
            payload.release();
        } else if (context.channel().isWritable()) {
            context.write(new PongWebSocketFrame(payload), context.voidPromise());
            pongUnflushed = true;
        } else {
            payNothing();
            owed = payload;
        }
    }

    private void payNothing() {
        if (owed != null) {
            owed.release();
            owed = null;
        }
    }

    private void closed(CloseWebSocketFrame close) {
        int code = close.statusCode();
        end(
                code < 0 || Ending.isSendable(code)
                        ? Ending.close(code, close.reasonText())
                        : Ending.fault(
                                Ending.PROTOCOL_ERROR,
                                "expected a close code of RFC 6455 section 7.4, but got " + code));
        close.release();
    }

    private void tooBig() {
        end(
                Ending.fault(
                        Ending.TOO_BIG, "expected at most " + messageSize + " bytes in a message"));
    }

    private void end(Ending how) {
        if (ending == null) {
            ending = how;
            changed();
            if (onEnd != null) {
                onEnd.run();
            }
        }
    }

    private void inputEnded() {
        if (!over) {
            over = true;
            end(Ending.loss("the connection ended without a close frame"));
            changed();
        }
    }

    /** The client is given up. On the hub. */
    void lost(String reason) {
        end(Ending.loss(reason));
    }

    private void changed() {
        gate.open();
        if (closer != null) {
            closer.open();
        }
        if (watchers != null) {
            watchers.tell();
        }
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext context) {
        heard = true; // also of a message that has not come whole yet
        if (pongUnflushed) {
            pongUnflushed = false;
            context.flush();
        }
        context.fireChannelReadComplete();
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext context) {
        ByteBuf payload = owed;
        if (payload != null && context.channel().isWritable()) {
            owed = null;
            pong(context, payload);
            context.flush();
        }
        context.fireChannelWritabilityChanged();
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext context, Object event) {
        if (event instanceof ChannelInputShutdownEvent
                || event instanceof SslCloseCompletionEvent) {
            inputEnded();
        }
        context.fireUserEventTriggered(event);
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
        inputEnded();
        gate.cancel();
        context.fireChannelInactive();
    }

    @Override
    public void handlerRemoved(ChannelHandlerContext context) {
        payNothing();
    }

    /** What the client did wrong ends its messages; everything else ends the connection. */
    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        switch (cause) {
            case CorruptedWebSocketFrameException e ->
                    end(Ending.fault(e.closeStatus().code(), String.valueOf(e.getMessage())));
            case TooLongFrameException e -> tooBig();
            case DecompressionException e when !(e.getCause() instanceof DataFormatException) ->
                    tooBig(); // a small frame can stand for a thousand times as much
            case DecoderException e ->
                    end(Ending.fault(Ending.INVALID_DATA, "the data does not inflate"));
            default -> {
                inputEnded();
                context.fireExceptionCaught(cause);
            }
        }
    }

    /** Whether something has come since the last time, or would have if anybody had read it. */
    boolean hasHeard() {
        boolean did = heard || paused;
        heard = false;
        return did;
    }

    // ---- in coroutines

    /**
     * The next message, for the caller to release; null if there will be none.
     *
     * @throws java.net.SocketTimeoutException after {@code limit}, unless that is null
     */
    @Nullable WebSocketFrame next(@Nullable Duration limit) throws IOException {
        if (!gate.isOccupied()) { // else a second receiver, who is told so below
            gate.limit(limit);
        }
        while (queue.isEmpty()) {
            if (ending != null || discards || !connection.isOpen()) {
                return null;
            }
            gate.await(loop);
        }
        WebSocketFrame frame = queue.removeFirst();
        held -= MESSAGE_COST + frame.content().readableBytes();
        if (paused && held <= MOST_BYTES / 2) {
            loop.onHub(resume);
        }
        return frame;
    }

    /** Has that run when the client's side has ended, at once if it has; null: nothing. */
    void onEnd(@Nullable Runnable told) {
        onEnd = told;
        if (ending != null && told != null) {
            told.run();
        }
    }

    /** Whether {@link #next} would not wait. */
    boolean isReady() {
        return !queue.isEmpty() || ending != null || discards;
    }

    /** How the client's side ended; null before. There may be messages before that. */
    @Nullable Ending ending() {
        return ending;
    }

    /** From now on only the end is of interest. */
    void discard() {
        discards = true;
        onEnd = null;
        queue.forEach(WebSocketFrame::release);
        queue.clear();
        held = 0;
        changed();
        if (paused) {
            loop.onHub(resume);
        }
    }

    /** A close has been sent: after it nothing may be. */
    void stopAnsweringPings() {
        answersPings = false;
        payNothing();
    }

    /** Waits for the client's close, or the end of the input. */
    void awaitEnding() throws IOException {
        while (ending == null && connection.isOpen()) {
            closer().await(loop);
        }
    }

    /** Waits for the end of the input. */
    void awaitEndOfInput() throws IOException {
        while (!over && connection.isOpen()) {
            closer().await(loop);
        }
    }

    private Gate closer() {
        if (closer == null) {
            closer = new Gate(loop, "close", connection);
        }
        return closer;
    }

    /** Has {@code told} run when {@link #next} would not wait. */
    void watch(Runnable told) {
        if (isReady()) {
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
}
