package io.weft.http.websocket;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http.websocketx.BinaryWebSocketFrame;
import io.netty.handler.codec.http.websocketx.PingWebSocketFrame;
import io.netty.handler.codec.http.websocketx.TextWebSocketFrame;
import io.netty.handler.codec.http.websocketx.WebSocketFrame;
import io.weft.Causes;
import io.weft.Coroutine;
import io.weft.Loop;
import io.weft.Selectable;
import io.weft.net.Connection;
import io.weft.net.DisconnectedException;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.SocketAddress;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;

/**
 * A WebSocket's server side (gevent: geventwebsocket.WebSocket). Calls block the coroutine, never
 * its loop; each can be made from any thread: on the connection's own loop it is direct, elsewhere
 * it is passed on to that loop and waited for. Any number may send at the same time; a second
 * receiver is refused. They throw {@link InterruptedIOException} when the caller is killed or its
 * {@link io.weft.Timeout} expires.
 *
 * <pre>
 *   open ──the client's close reached, or its fault──▶ answered ─┐
 *    └───close()──▶ closing ──the client's close reached─────────┴─▶ output ended ──▶ gone
 * </pre>
 *
 * <p>Differences from gevent's: pings and pongs are taken care of; the client's end is null, not an
 * exception; {@link #close} keeps to the closing handshake.
 */
public final class WebSocketConnection {
    /** How long a client may take to end its side when all is said (nginx: lingering_timeout). */
    private static final Duration LINGER = Duration.ofSeconds(5);

    private final Connection connection;
    private final Loop loop;
    private final FrameInbox inbox;
    private final Heartbeat heartbeat;
    private final WebSocketSettings settings;
    private final SocketAddress remote;
    private final @Nullable String protocol;
    private final Outbox outbox;
    private volatile @Nullable IOException thrown; // what was last
    private boolean stopping; // loop-confined

    /** How long a client may take to answer the goodbye of a server that stops. */
    private static final Duration GOODBYE = Duration.ofSeconds(1);

    WebSocketConnection(
            Connection connection,
            FrameInbox inbox,
            WebSocketSettings settings,
            SocketAddress remote,
            @Nullable String protocol) {
        this.connection = connection;
        this.loop = connection.loop();
        this.inbox = inbox;
        this.outbox = new Outbox(connection, inbox);
        this.settings = settings;
        this.remote = remote;
        this.protocol = protocol;
        this.heartbeat = new Heartbeat(connection, inbox, settings.pingInterval());
        heartbeat.start();
    }

    /**
     * The next message; null when there will be none, whether the client has closed, has gone or
     * was sent away for breaking the rules: {@link #closeCode()} says which. When the server stops
     * the client is told so by 1001, and has a second to answer.
     *
     * @throws IllegalStateException if another coroutine waits here already
     */
    public @Nullable Message receive() throws IOException {
        return here(() -> receiveHere(null));
    }

    /**
     * As {@link #receive()}, but waits no longer than {@code timeout}.
     *
     * @throws java.net.SocketTimeoutException if nothing came in time; it can be tried again
     */
    public @Nullable Message receive(Duration timeout) throws IOException {
        return here(() -> receiveHere(timeout));
    }

    private @Nullable Message receiveHere(@Nullable Duration timeout) throws IOException {
        if (timeout != null && timeout.isZero() && !inbox.isReady()) {
            throw new SocketTimeoutException("nothing to receive now: " + connection);
        }
        WebSocketFrame frame = inbox.next(timeout);
        if (frame == null) {
            answerEnding();
            return null;
        }
        try {
            ByteBuf content = frame.content();
            return frame instanceof TextWebSocketFrame
                    ? new Message.Text(content.toString(StandardCharsets.UTF_8))
                    : new Message.Binary(ByteBufUtil.getBytes(content));
        } finally {
            frame.release();
        }
    }

    /** Sends text. */
    public void send(String text) throws IOException {
        here(
                () ->
                        sendHere(
                                new TextWebSocketFrame(
                                        ByteBufUtil.writeUtf8(
                                                connection.channel().alloc(), text))));
    }

    /** Sends bytes, which may be used again at once. */
    public void send(byte[] bytes) throws IOException {
        here(
                () ->
                        sendHere(
                                new BinaryWebSocketFrame(
                                        connection
                                                .channel()
                                                .alloc()
                                                .buffer(Math.max(1, bytes.length))
                                                .writeBytes(bytes))));
    }

    /** Sends a message of the same kind. */
    public void send(Message message) throws IOException {
        switch (message) {
            case Message.Text text -> send(text.text());
            case Message.Binary binary -> send(binary.bytes());
        }
    }

    /** Sends a ping. What comes back is a sign of life and nothing more. */
    public void ping() throws IOException {
        here(() -> sendHere(new PingWebSocketFrame(Unpooled.EMPTY_BUFFER)));
    }

    private @Nullable Void sendHere(WebSocketFrame frame) throws IOException {
        outbox.send(frame);
        return null;
    }

    /** Waits until everything sent has been given to the kernel. */
    public void flush() throws IOException {
        here(
                () -> {
                    outbox.flush();
                    return null;
                });
    }

    /**
     * Has this handler interrupted as soon as the client has closed or gone, where otherwise it
     * would learn of that when it next sends or receives: for one that waits for something else
     * meanwhile. When the server stops that is within a second.
     */
    public void endWithClient() throws IOException {
        Coroutine<?> handler = Coroutine.current();
        if (handler != null) {
            here(
                    () -> {
                        inbox.onEnd(handler::kill);
                        return null;
                    });
        }
    }

    /**
     * Tells the client that there will be no more, when what was sent before is out. {@link
     * #receive()} still has what the client sends until it has said the same; it is cut off if that
     * takes too long. Does nothing if this was done before or the client has gone.
     *
     * @param code 1000 for a normal end, 1001 for a server that stops, 1008 for a policy, 1011 for
     *     an error of the server's; 3000 to 4999 for what the application means by it
     * @param reason for the client's log; at most 123 bytes of UTF-8
     */
    public void close(int code, String reason) throws IOException {
        if (!Ending.isSendable(code)) {
            throw new IllegalArgumentException(
                    "expected a close code of 1000 to 1003, 1007 to 1014 or 3000 to 4999, but got "
                            + code);
        }
        if (ByteBufUtil.utf8Bytes(reason) > Ending.MOST_REASON) {
            throw new IllegalArgumentException(
                    "expected a reason of at most " + Ending.MOST_REASON + " bytes: " + reason);
        }
        here(() -> closeHere(code, reason));
    }

    /** As {@link #close(int, String)} with 1000. */
    public void close() throws IOException {
        close(Ending.NORMAL, "");
    }

    private @Nullable Void closeHere(int code, String reason) throws IOException {
        if (outbox.close(code, reason, true) && inbox.ending() == null) {
            heartbeat.cutAfter(settings.closeTimeout());
        }
        return null;
    }

    /**
     * All messages have been received. The client's close is answered by the same code, its fault
     * by one that says so; and that is the end of the output (RFC 6455 section 7.1.1).
     */
    private void answerEnding() throws IOException {
        Ending ending = inbox.ending();
        if (ending == null || !ending.isAnswered()) {
            return;
        }
        outbox.close(ending.code(), ending.fault() ? ending.reason() : "", false);
        outbox.end();
    }

    // ---- for the upgrade, in the connection's coroutine

    /** The handler has returned: keeps to the closing handshake, as long as the client does. */
    void finish(int code, String reason) throws IOException {
        inbox.discard();
        if (inbox.ending() == null) {
            closeHere(code, reason);
        }
        inbox.awaitEnding();
        answerEnding();
        // closing while the client still sends would reset the connection (RFC 9112 section 9.6)
        heartbeat.cutAfter(stopping ? GOODBYE : LINGER);
        inbox.awaitEndOfInput();
    }

    /** The coroutine has been killed: says goodbye, and waits for nothing. */
    void leave() {
        inbox.discard();
        heartbeat.cutAfter(LINGER);
        outbox.leave(Ending.GOING_AWAY);
    }

    /**
     * The server stops: the client is told so, in a coroutine of its own, and cut if it does not
     * answer within a moment. Any thread.
     */
    void serverStops() {
        loop.spawnRaw(
                () -> {
                    stopping = true;
                    heartbeat.cutAfter(shorter(settings.closeTimeout(), GOODBYE));
                    try {
                        outbox.close(Ending.GOING_AWAY, "the server stops", true);
                    } catch (InterruptedIOException e) {
                        connection.abort();
                    }
                });
    }

    /** Whether {@code e} is, or comes of, a wait here in which the client sent nothing. */
    boolean isIdle(Throwable e) {
        return thrown instanceof SocketTimeoutException && hasThrown(e);
    }

    /** Whether {@code e} is, or comes of, a call here after the end of the conversation. */
    boolean isLost(Throwable e) {
        return DisconnectedException.isBehind(e, connection) || (hasThrown(e) && isOver());
    }

    private boolean hasThrown(Throwable e) {
        IOException last = thrown;
        return last != null && Causes.match(e, t -> t == last);
    }

    private static Duration shorter(Duration one, Duration other) {
        return one.compareTo(other) < 0 ? one : other;
    }

    /** Whether there is nobody to talk to any more. */
    boolean isOver() {
        return outbox.isClosed() || inbox.ending() != null || !connection.isOpen();
    }

    // ---- any thread

    /**
     * How it ended: by the client's code, 1005 if it gave none, 1006 if it went without a word; or
     * by the code it was told if it broke the rules: 1002, 1007 or 1009. 0 as long as its side has
     * not ended, as far as is known.
     */
    public int closeCode() {
        Ending ending = inbox.ending();
        return ending == null ? 0 : ending.code();
    }

    /** What goes with {@link #closeCode()}; empty if there is nothing. */
    public String closeReason() {
        Ending ending = inbox.ending();
        return ending == null ? "" : ending.reason();
    }

    /** Whether messages can be sent, as far as is known. */
    public boolean isOpen() {
        return !isOver();
    }

    /** The sub-protocol agreed on; null for none. */
    public @Nullable String protocol() {
        return protocol;
    }

    /** Who the client is, as {@link io.weft.http.Request#remoteAddress()}. */
    public SocketAddress remoteAddress() {
        return remote;
    }

    /**
     * What to give to {@link io.weft.Select} to wait for the client beside something else: ready
     * while {@link #receive()} would not wait.
     */
    public Selectable incoming() {
        return new Incoming(loop, inbox);
    }

    private <T extends @Nullable Object> T here(Callable<T> call) throws IOException {
        try {
            return loop.call(call);
        } catch (CancellationException e) {
            throw new SocketException(connection + " is closed: its loop has ended");
        } catch (IOException e) {
            thrown = e;
            throw e;
        } catch (RuntimeException e) {
            throw e;
        } catch (InterruptedException e) {
            throw Outbox.interrupted(e);
        } catch (Exception e) {
            throw new IOException(e);
        }
    }

    @Override
    public String toString() {
        return "WebSocket on " + connection;
    }
}
