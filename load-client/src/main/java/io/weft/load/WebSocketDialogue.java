package io.weft.load;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http.websocketx.CloseWebSocketFrame;
import io.netty.handler.codec.http.websocketx.TextWebSocketFrame;
import io.netty.handler.codec.http.websocketx.WebSocketCloseStatus;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.net.SocketException;

/** Messages that come back as they were sent, by WebSocket (RFC 6455). One at a time. */
final class WebSocketDialogue implements Dialogue {
    private final Pipe pipe;
    private final Message message;
    private final byte[] echo;
    private @Nullable Frames frames;
    private int length;

    /**
     * @param pipe whose inlet is {@link Frames} that fill {@code echo}
     */
    WebSocketDialogue(Pipe pipe, int size, byte[] echo) {
        this.pipe = pipe;
        this.message = new Message(size);
        this.echo = echo;
    }

    /** What an echo of that size needs, and a byte more: one that is too long is to be noticed. */
    static byte[] room(int size) {
        return new byte[new Message(size).bytes().length + 1];
    }

    @Override
    public void connect() throws IOException {
        var opening = (Frames) pipe.connect();
        while (!opening.isOpened()) {
            if (opening.hasEnded()) {
                throw opening.ending();
            }
            pipe.awaitOpening();
        }
        frames = opening;
    }

    @Override
    public void send(long n) throws IOException {
        length = message.encode(n);
        ByteBuf bytes = Unpooled.copiedBuffer(message.bytes(), 0, length);
        pipe.write(new TextWebSocketFrame(bytes), length);
    }

    @Override
    public @Nullable Fault receive(long n) throws IOException {
        Frames coming = frames();
        while (coming.isEmpty()) {
            if (coming.hasEnded()) {
                throw coming.ending();
            }
            pipe.await();
        }
        int got = coming.next();
        String difference = got == length ? message.difference(echo, length) : wrongLength(got);
        return difference == null ? null : new Fault(ErrorKind.ECHO, difference);
    }

    private String wrongLength(int got) {
        return "sent "
                + Message.shown(message.bytes(), length)
                + ", got "
                + got
                + " bytes: "
                + Message.shown(echo, Math.min(got, echo.length));
    }

    @Override
    public void pause(Clock clock, long time) throws IOException, InterruptedException {
        pipe.pause(clock, time);
    }

    private Frames frames() throws IOException {
        if (frames == null) {
            throw new SocketException("not connected");
        }
        return frames;
    }

    /** A peer that is left without a word has to take it for a loss. */
    @Override
    public void sayGoodbye() {
        Frames open = frames;
        if (open != null && !open.hasEnded()) {
            try {
                pipe.write(new CloseWebSocketFrame(WebSocketCloseStatus.NORMAL_CLOSURE), 0);
            } catch (IOException e) {
                // it has gone first
            }
        }
    }

    @Override
    public long bytes() {
        return length;
    }

    @Override
    public String reply() {
        return Message.text(echo, Math.min(length, echo.length));
    }

    @Override
    public boolean isOver() {
        return false;
    }

    @Override
    public void release() {
        pipe.release();
    }

    @Override
    public void abort() {
        pipe.abort();
    }

    @Override
    public void close() {
        pipe.close();
    }
}
