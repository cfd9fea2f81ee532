package io.weft.http.websocket;

import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpRequest;
import io.weft.Coroutine;
import io.weft.FailureLog;
import io.weft.OutOfMemory;
import io.weft.Printable;
import io.weft.http.h1.Http1Upgrade;
import io.weft.net.Connection;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.net.SocketAddress;

/** From the answer to the handshake to the end. In the connection's coroutine. */
final class WebSocketUpgrade implements Http1Upgrade {
    private static final Logger LOG = LoggerFactory.getLogger(WebSocketUpgrade.class);

    private final SocketAddress remote;
    private final HttpHeaders fields;
    private final WebSocketSettings settings;
    private final WebSocketHandler handler;
    private volatile @Nullable WebSocketConnection socket;
    private volatile boolean draining;

    /**
     * For the connection of one request.
     *
     * @param fields what the answer is to say beside what it has to
     */
    WebSocketUpgrade(
            SocketAddress remote,
            HttpHeaders fields,
            WebSocketSettings settings,
            WebSocketHandler handler) {
        this.remote = remote;
        this.fields = fields;
        this.settings = settings;
        this.handler = handler;
    }

    @Override
    public void takeOver(Connection connection, HttpRequest request, Farewell farewell)
            throws Exception {
        var inbox = new FrameInbox(connection, settings.messageSize());
        String protocol = Handshake.perform(connection, request, farewell, fields, settings, inbox);
        var opened = new WebSocketConnection(connection, inbox, settings, remote, protocol);
        socket = opened;
        try {
            if (draining) {
                opened.serverStops();
            }
            int code = serve(opened);
            opened.finish(code, code == Ending.SERVER_ERROR ? "the handler failed" : "");
        } catch (Exception e) {
            if (Coroutine.isKill(e)) {
                opened.leave();
                throw e;
            }
            LOG.debug("{} has gone: {}", opened, Printable.of(e)); // while it said goodbye
        } finally {
            inbox.discard();
        }
    }

    /**
     * The code to close with, if that has not been done yet. That goes by whose doing it was: what
     * this socket threw is its client's, what looks the same is of another one of the handler's.
     */
    private int serve(WebSocketConnection opened) throws Exception {
        try {
            handler.handle(opened);
            return Ending.NORMAL;
        } catch (Throwable e) {
            if (Coroutine.isKill(e)) {
                throw e; // which the server expects
            }
            if (opened.isIdle(e)) {
                LOG.debug("{}: {}", opened, Printable.of(e));
                return Ending.GOING_AWAY; // as Jetty says to an idle client
            }
            OutOfMemory.noticed(e);
            if (opened.isLost(e)) {
                LOG.debug("{} has gone: {}", opened, Printable.of(e));
            } else {
                FailureLog.error(LOG, "the handler of " + opened, e);
            }
            return Ending.SERVER_ERROR;
        }
    }

    @Override
    public void drain() {
        draining = true;
        WebSocketConnection opened = socket;
        if (opened != null) {
            opened.serverStops();
        }
    }
}
