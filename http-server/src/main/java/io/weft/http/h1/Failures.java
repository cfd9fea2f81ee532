package io.weft.http.h1;

import io.weft.Causes;
import io.weft.FailureLog;
import io.weft.OutOfMemory;
import io.weft.Printable;
import io.weft.http.HttpException;
import io.weft.http.Request;
import io.weft.http.Response;
import io.weft.http.form.FormException;
import io.weft.net.Connection;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.ExecutionException;

/**
 * What a client is told of a request that failed, in its handler or before there was one that a
 * handler could answer; and what the log is told. That goes by whose fault it is, not by what kind
 * of exception says so: a client that has gone, or sent what is no request, is nobody's here, in
 * whatever the handler has wrapped that; everything else is the handler's own. In the connection's
 * coroutine.
 *
 * <pre>
 *   whose                                       answer             log
 *   client has gone, or does not read           cut                debug
 *   client's body or form is malformed          4xx                debug
 *   handler: HttpException of 400 to 499        that               debug
 *     (or an ExecutionException of one)
 *   handler: HttpException of 500 to 599        that               error, once, with its cause
 *   handler: anything else                      500                error, once
 * </pre>
 */
final class Failures {
    private static final Logger LOG = LoggerFactory.getLogger(Http1.class); // the protocol's

    /** Of requests that were answered by nothing (nginx; pywsgi). */
    private static final int CLIENT_GONE = 499;

    private static final int CUT = 0;

    private static final int SERVER_ERROR = 500;

    private record Verdict(int status, String message, Map<String, String> fields) {}

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
        if (exchange.isLost(e)) {
            LOG.debug("{} has gone: {}", connection, Printable.of(e));
            exchange.cut();
            return;
        }
        Verdict verdict = clients(exchange, e);
        if (verdict != null) {
            LOG.debug("{}: {} {}", connection, verdict.status, Printable.of(e));
        } else {
            verdict = handlers(e);
            if (verdict.status >= SERVER_ERROR || exchange.hasBegun()) {
                FailureLog.error(
                        LOG, "the handler of " + exchange.method() + " " + exchange.target(), e);
            } else {
                LOG.debug("{}: {} {}", connection, verdict.status, Printable.of(e));
            }
        }
        if (!exchange.hasBegun()) {
            send(exchange, response, verdict);
        } else if (exchange.isComplete()) {
            exchange.last();
        } else {
            exchange.cut();
        }
    }

    /** What the client sent was wrong, and the handler has come across that; null if not. */
    private static @Nullable Verdict clients(Http1Exchange exchange, Throwable e) {
        if (known(e) != null) {
            return null; // the handler knows better
        }
        BadRequest body = exchange.bodyHasFailed() ? Causes.find(e, BadRequest.class) : null;
        if (body != null) {
            exchange.last(); // nobody knows where the next request begins
            return new Verdict(body.status(), String.valueOf(body.getMessage()), Map.of());
        }
        FormException form = Causes.find(e, FormException.class);
        return form == null
                ? null
                : new Verdict(form.status(), String.valueOf(form.getMessage()), Map.of());
    }

    /** An HttpException, also one of a coroutine of the handler's; null if it is something else. */
    private static @Nullable HttpException known(Throwable e) {
        for (Throwable each : Causes.of(e)) {
            if (!(each instanceof ExecutionException)) {
                return each instanceof HttpException known ? known : null;
            }
        }
        return null;
    }

    private static Verdict handlers(Throwable e) {
        HttpException known = known(e);
        if (known != null) {
            try {
                return new Verdict(
                        known.status(), String.valueOf(known.getMessage()), known.headers());
            } catch (RuntimeException broken) { // it can be extended
                return new Verdict(known.status(), "", known.headers());
            }
        }
        return OutOfMemory.isOfDirectMemory(e)
                ? new Verdict(503, "the server has no memory left for this", Map.of())
                : new Verdict(SERVER_ERROR, "the server failed to answer", Map.of());
    }

    /** Too many requests wait for one of the places. */
    void overloaded(Http1Exchange exchange, Response response) throws IOException {
        settings.overload()
                .add(
                        "more requests are to be answered at once than there are places for: some"
                                + " get a 503; if handlers mostly wait, give them more places");
        send(
                exchange,
                response,
                new Verdict(503, "too many requests are being answered", Map.of()));
    }

    /** The server stops, and the handler has asked for that to be its end: nobody's failure. */
    void stopping(Http1Exchange exchange, Response response) throws IOException {
        send(exchange, response, new Verdict(503, "the server stops", Map.of()));
    }

    /** Refuses what no handler could answer: that is counted, and the connection ends. */
    void refuse(Http1Exchange exchange, BadRequest reason, long began) throws IOException {
        String message = String.valueOf(reason.getMessage());
        String line = connection + ": " + reason.status() + " " + Printable.of(message);
        if (!settings.refusals().add(line)) {
            LOG.debug("{}", line);
        }
        exchange.last();
        var response = new Response(exchange);
        send(exchange, response, new Verdict(reason.status(), message, Map.of()));
        if (settings.log() != null) {
            try {
                exchange.flush();
            } finally {
                log(exchange, Request.refused(exchange, Clients.peer(exchange)), response, began);
            }
        }
        connection.expectMore(); // who has sent what is no request, seldom stops there
    }

    private void send(Http1Exchange exchange, Response response, Verdict verdict)
            throws IOException {
        byte[] text =
                (verdict.status + " " + verdict.message + "\n").getBytes(StandardCharsets.UTF_8);
        try {
            response.fail(verdict.status, verdict.fields, text);
        } catch (RuntimeException | Error e) { // of what a filter has put before the protocol
            FailureLog.error(LOG, "what filters send an error through", e);
            if (exchange.hasBegun()) {
                exchange.cut();
            } else {
                response.fail(verdict.status, verdict.fields, text);
            }
        } catch (IOException e) {
            if (!exchange.isLost(e)) {
                throw e;
            }
            LOG.debug("{} has gone: {}", connection, Printable.of(e));
            exchange.cut();
        }
    }

    /** Tells the log, if there is one, how it ended. */
    void log(Http1Exchange exchange, Request request, Response response, long began) {
        RequestLog log = settings.log();
        if (log == null) {
            return;
        }
        if (!exchange.isAnswered()) {
            response.unanswered(inbox.hasEnded() || exchange.hasLostClient() ? CLIENT_GONE : CUT);
        }
        try {
            log.answered(request, response, System.nanoTime() - began);
        } catch (Throwable e) {
            FailureLog.error(LOG, "the log of " + request, e);
        }
    }
}
