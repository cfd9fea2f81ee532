package io.weft.http.h1;

import io.weft.OutOfMemory;
import io.weft.http.Headers;
import io.weft.http.HttpException;
import io.weft.http.Request;
import io.weft.http.Response;
import io.weft.http.form.FormException;
import io.weft.net.Connection;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.io.IOException;
import java.nio.charset.StandardCharsets;

/**
 * What a client is told of a request that failed: in its handler, or before there was one that a
 * handler could answer. In the connection's coroutine.
 */
final class Failures {
    private static final Logger LOG = LoggerFactory.getLogger(Http1.class); // the protocol's

    private final Connection connection;
    private final Settings settings;
    private final Inbox inbox;

    Failures(Connection connection, Settings settings, Inbox inbox) {
        this.connection = connection;
        this.settings = settings;
        this.inbox = inbox;
    }

    /** The handler threw: the client is told if the response has not begun, else cut off. */
    void answer(Http1Exchange exchange, Response response, Throwable e) throws IOException {
        OutOfMemory.noticed(e);
        int status = 500;
        String message = "the server failed to answer";
        if (e instanceof HttpException known) {
            status = known.status();
            message = String.valueOf(known.getMessage());
        } else if (e instanceof BadRequest bad) {
            status = bad.status();
            message = String.valueOf(bad.getMessage());
            exchange.last();
        } else if (e instanceof FormException form) {
            status = form.status();
            message = String.valueOf(form.getMessage());
        } else if (e instanceof IOException && (inbox.hasFailed() || !connection.isOpen())) {
            LOG.debug("{} has gone: {}", connection, e.getMessage());
            exchange.cut();
            return;
        } else {
            LOG.error(
                    "the handler of {} {} failed with {}",
                    exchange.method(),
                    exchange.target(),
                    e.toString(),
                    e);
        }
        if (exchange.hasBegun()) {
            exchange.cut();
            return;
        }
        Headers fields = exchange.newHeaders();
        if (e instanceof HttpException known) {
            known.headers().forEach(fields::set);
        }
        response.failed(status, fields, send(exchange, status, message, fields));
    }

    /** Refuses what no handler could answer: one line in the log, and the connection ends. */
    void refuse(Http1Exchange exchange, BadRequest reason, long began) throws IOException {
        LOG.info("{}: {} {}", connection, reason.status(), reason.getMessage());
        exchange.last();
        Headers fields = exchange.newHeaders();
        int bytes = send(exchange, reason.status(), String.valueOf(reason.getMessage()), fields);
        RequestLog log = settings.log();
        if (log != null) {
            var response = new Response(exchange);
            response.failed(reason.status(), fields, bytes);
            try {
                exchange.flush();
            } finally {
                log.answered(
                        Request.refused(exchange, Clients.peer(exchange)),
                        response,
                        System.nanoTime() - began);
            }
        }
        LingeringClose.of(connection, inbox);
    }

    /** How many bytes of body that took. */
    private static int send(Http1Exchange exchange, int status, String message, Headers fields)
            throws IOException {
        byte[] body = (status + " " + message + "\n").getBytes(StandardCharsets.UTF_8);
        fields.set("Content-Type", "text/plain; charset=utf-8");
        fields.set("Content-Length", Integer.toString(body.length));
        exchange.reason(null);
        exchange.whole(status, fields, body);
        return body.length;
    }
}
