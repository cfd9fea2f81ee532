package io.weft.http.websocket;

import io.netty.handler.codec.http.websocketx.CloseWebSocketFrame;
import io.netty.handler.codec.http.websocketx.WebSocketFrame;
import io.weft.HubTask;
import io.weft.net.Connection;
import io.weft.sync.Semaphore;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.SocketException;
import java.net.SocketTimeoutException;

/**
 * What goes to the client: one message after another, then at most one close, and nothing behind
 * it. In coroutines of the connection's loop.
 */
final class Outbox {
    /** What a frame adds to its payload, for the high-water mark. */
    private static final int HEAD_BYTES = 10;

    private final Connection connection;
    private final FrameInbox inbox;
    private final Semaphore turn =
            new Semaphore(1); // a writer that waits for room is not overtaken
    private boolean closed; // the close frame is on its way, or has nobody to go to

    Outbox(Connection connection, FrameInbox inbox) {
        this.connection = connection;
        this.inbox = inbox;
    }

    /** Sends the frame, or releases it. */
    void send(WebSocketFrame frame) throws IOException {
        boolean taken = false;
        try (var _ = turn.hold()) {
            if (closed) {
                throw new SocketException("the WebSocket of " + connection + " is closed");
            }
            taken = true;
            connection.writeMessage(frame, HEAD_BYTES + frame.content().readableBytes());
        } catch (InterruptedException e) {
            throw interrupted(e);
        } finally {
            if (!taken) {
                frame.release();
            }
        }
    }

    void flush() throws IOException {
        try (var _ = turn.hold()) {
            connection.flush();
        } catch (InterruptedException e) {
            throw interrupted(e);
        }
    }

    /** Says goodbye, unless that has been done. Whether it was this call that did it. */
    boolean close(int code, String reason, boolean flush) throws IOException {
        try (var _ = turn.hold()) {
            if (closed) {
                return false;
            }
            connection.writeMessage(closeFrame(code, reason), HEAD_BYTES + Ending.MOST_REASON);
            saidGoodbye();
            if (flush) {
                connection.flush();
            }
        } catch (InterruptedException e) {
            throw interrupted(e);
        } catch (SocketTimeoutException e) {
            saidGoodbye();
            connection.abort(); // it does not read
        } catch (InterruptedIOException e) {
            throw e;
        } catch (IOException e) {
            saidGoodbye(); // to nobody: it has gone
        }
        return true;
    }

    /** Nothing more will go out: the client reads the end of the stream. */
    void end() throws IOException {
        try {
            connection.shutdownOutput();
        } catch (InterruptedIOException e) {
            throw e;
        } catch (IOException e) {
            // it was before, or the client has gone
        }
    }

    /** Says goodbye behind what was sent before, and waits for nothing. */
    void leave(int code) {
        if (closed) {
            return;
        }
        saidGoodbye();
        var channel = connection.channel();
        connection
                .loop()
                .onHub(
                        new HubTask() {
                            @Override
                            protected void run() {
                                if (channel.isActive()) {
                                    channel.writeAndFlush(
                                            closeFrame(code, ""), channel.voidPromise());
                                }
                            }
                        });
    }

    /** Whether nothing can be sent any more. */
    boolean isClosed() {
        return closed;
    }

    private void saidGoodbye() {
        closed = true;
        inbox.stopAnsweringPings();
    }

    private static CloseWebSocketFrame closeFrame(int code, String reason) {
        return code == Ending.NO_CODE
                ? new CloseWebSocketFrame()
                : new CloseWebSocketFrame(code, reason);
    }

    /** The same as the input and output of sockets has it. */
    static InterruptedIOException interrupted(InterruptedException cause) {
        var exception = new InterruptedIOException(cause.getMessage());
        exception.initCause(cause);
        return exception;
    }
}
