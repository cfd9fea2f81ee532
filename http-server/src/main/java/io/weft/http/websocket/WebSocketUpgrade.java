package io.weft.http.websocket;

import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpRequest;
import io.weft.OutOfMemory;
import io.weft.http.h1.Http1Upgrade;
import io.weft.net.Connection;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.SocketAddress;
import java.net.SocketException;
import java.net.SocketTimeoutException;

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
        } catch (InterruptedException | InterruptedIOException e) {
            opened.leave();
            throw e;
        } finally {
            inbox.discard();
        }
    }

    /** The code to close with, if that has not been done yet. */
    private int serve(WebSocketConnection opened) throws InterruptedException, IOException {
        try {
            handler.handle(opened);
            return Ending.NORMAL;
        } catch (SocketTimeoutException e) {
            if (opened.isOwn(e)) {
                LOG.debug("{}: {}", opened, e.getMessage());
                return Ending.GOING_AWAY; // as Jetty says to an idle client
            }
            return failed(opened, e);
        } catch (InterruptedException | InterruptedIOException e) {
            throw e;
        } catch (Throwable e) {
            OutOfMemory.noticed(e);
            return failed(opened, e);
        }
    }

    private static int failed(WebSocketConnection opened, Throwable e) {
        if (e instanceof SocketException && opened.isOver()) {
            LOG.debug("{} has gone: {}", opened, e.getMessage());
        } else {
            LOG.error("the handler of {} failed with {}", opened, e.toString(), e);
        }
        return Ending.SERVER_ERROR;
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
