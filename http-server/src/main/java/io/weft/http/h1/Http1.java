package io.weft.http.h1;

import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpObject;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.util.ReferenceCountUtil;
import io.weft.Coroutine;
import io.weft.Printable;
import io.weft.RecurringTimeout;
import io.weft.Transport;
import io.weft.http.HeadAnswered;
import io.weft.http.HttpException;
import io.weft.http.Limits;
import io.weft.http.Request;
import io.weft.http.Response;
import io.weft.net.Connection;
import io.weft.server.StreamServer;
import io.weft.sync.Semaphore;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.concurrent.RejectedExecutionException;

/**
 * A connection's life in HTTP/1.1: one request after another, each answered before the next is
 * looked at (RFC 9112 section 9.3.2). In the connection's coroutine, but for {@link #drain()}.
 *
 * <pre>
 *   ┌▶ idle ──head──▶ handler ──▶ rest of the body dropped ─┐
 *   └──────────────────── keep-alive ◀──────────────────────┘──▶ closed
 * </pre>
 */
public final class Http1 {
    private static final Logger LOG = LoggerFactory.getLogger(Http1.class);

    /**
     * As much as the kernel takes of a connection at once (Linux: tcp_wmem, 16 KB to begin with).
     */
    private static final int SMALL = 16 * 1024;

    private final Connection connection;
    private final Settings settings;
    private final Inbox inbox;
    private final RequestDecoder decoder;
    private final Dates dates;
    private @Nullable RecurringTimeout requestLimit; // made at the first request that has one
    private boolean holdsPlace; // of the settings' places
    private @Nullable String scheme; // asked for at the first request: by then TLS is there
    private volatile boolean draining;
    private boolean idle; // loop-confined, as the next three
    private long idleSince;
    private @Nullable LastCall lastCall; // made when the server stops
    private @Nullable LastWord lastWord; // made when a handler wants one
    private volatile @Nullable Http1Upgrade upgraded;

    private Http1(Connection connection, Settings settings, Inbox inbox, RequestDecoder decoder) {
        this.connection = connection;
        this.settings = settings;
        this.inbox = inbox;
        this.decoder = decoder;
        this.dates = Dates.of(connection.loop());
    }

    /** Puts the codec on a connection that is being made. On the hub. */
    public static void prepare(Connection connection, Settings settings) {
        var channel = connection.channel();
        boolean first = channel.pipeline().first() == channel.pipeline().last(); // no TLS, no PROXY
        RequestReads reads = null;
        if (first && connection.loop().group().transport() != Transport.IO_URING) {
            reads = new RequestReads(connection.loop());
            channel.config().setRecvByteBufAllocator(reads);
        }
        var inbox = new Inbox(connection);
        connection.codec(new RequestDecoder(settings.limits(), reads, inbox::isFull), inbox);
    }

    /** The protocol of a connection that was prepared for it. In the connection's coroutine. */
    public static Http1 of(Connection connection, Settings settings) {
        var inbox = connection.codec(Inbox.class);
        var decoder = connection.codec(RequestDecoder.class);
        if (inbox == null || decoder == null) {
            throw new IllegalStateException(connection + " was not prepared for HTTP/1.1");
        }
        return new Http1(connection, settings, inbox, decoder);
    }

    /** Serves requests until the connection is to be closed. */
    public void serve() throws Exception {
        connection.writeTimeout(settings.limits().writeTime());
        try {
            boolean again = true; // a response that draining has seen says that it is the last
            for (boolean first = true; again; first = false) {
                HttpRequest head = nextHead(first);
                again = head != null && serve(head);
            }
        } catch (SocketTimeoutException e) {
            LOG.debug("{}", Printable.of(e.getMessage())); // a client that does not read
            connection.reset(); // it shall not take what it has for all
        } finally {
            if (requestLimit != null) {
                requestLimit.close();
            }
            if (lastCall != null) {
                lastCall.cancel();
            }
            if (!inbox.isEmpty() || decoder.hasBegun()) {
                connection.expectMore(); // of who sends request upon request
            }
            inbox.retire();
        }
    }

    /** The next request's head; null if there is none to come, or not in time. */
    private @Nullable HttpRequest nextHead(boolean first) throws IOException {
        idle = inbox.isEmpty();
        idleSince = connection.loop().coarseNanoTime();
        boolean ends = idle && draining && !decoder.hasBegun(); // who sends cannot know yet
        Limits limits = settings.limits();
        Duration left =
                ends ? StreamServer.LAST_CALL : first ? limits.headTime() : limits.keepAlive();
        try {
            while (true) {
                Duration wait = shorter(left, limits.headTime());
                inbox.limit(wait);
                try {
                    return head(inbox.next());
                } catch (SocketTimeoutException e) {
                    if (decoder.hasBegun()) {
                        return slowHead(first && !ends);
                    }
                }
                if (!first && !ends && connection.unsent() > 0) {
                    connection.flush(); // nobody is idle who has yet to read
                    left = limits.keepAlive();
                } else if (left != null && wait != null) {
                    left = left.minus(wait);
                    if (!left.isPositive()) {
                        return null;
                    }
                }
            }
        } finally {
            idle = false;
        }
    }

    /** Of two limits the one that comes first; null or zero for none. */
    private static @Nullable Duration shorter(@Nullable Duration one, @Nullable Duration other) {
        if (one == null || one.isZero()) {
            return other;
        }
        return other == null || other.isZero() || one.compareTo(other) <= 0 ? one : other;
    }

    /**
     * The time for a new request is over, or it is time to look; one that has begun has its own.
     */
    private @Nullable HttpRequest slowHead(boolean first) throws IOException {
        try {
            if (!first) {
                inbox.limit(settings.limits().headTime());
                return head(inbox.next());
            }
        } catch (SocketTimeoutException e) {
            // said below
        }
        failures()
                .refuse(
                        newExchange(RequestDecoder.unreadable()),
                        new BadRequest(408, "the request's head did not come in time"),
                        System.nanoTime());
        return null;
    }

    private static @Nullable HttpRequest head(@Nullable HttpObject next) {
        if (next == null || next instanceof HttpRequest) {
            return (HttpRequest) next;
        }
        ReferenceCountUtil.release(next);
        throw new IllegalStateException("expected the head of a request, but got " + next);
    }

    /** Whether another request may follow. */
    private boolean serve(HttpRequest head) throws Exception {
        long began = settings.log() == null ? 0 : System.nanoTime();
        Http1Exchange exchange;
        Request request;
        try {
            HeadCheck.check(head, settings.limits());
            exchange = newExchange(head);
            checkBody(head);
            request =
                    new Request(
                            exchange,
                            settings.clients().address(exchange),
                            settings.clients().scheme(exchange));
        } catch (BadRequest e) {
            failures().refuse(newExchange(head), e, began);
            return false;
        } catch (HttpException e) {
            failures()
                    .refuse(
                            newExchange(head),
                            new BadRequest(e.status(), String.valueOf(e.getMessage())),
                            began);
            return false;
        }
        exchange.skipIfEmpty();
        inbox.limit(settings.limits().bodyTime());
        var response = new Response(exchange);
        try {
            try {
                answer(exchange, request, response);
                awaitSent(exchange);
            } finally {
                inbox.onEnd(null);
                leavePlace();
                if (settings.log() != null) {
                    failures().log(exchange, request, response, began);
                }
            }
            finish(exchange);
        } finally {
            exchange.discardBody();
        }
        return exchange.keepsAlive() && connection.isOpen();
    }

    /**
     * The request ends when its answer is out: its place, its line in the log, and from then on the
     * connection is idle. A small answer goes out when the coroutine waits for the next request,
     * with others in one system call: where nobody looks, that is soon enough.
     */
    private void awaitSent(Http1Exchange exchange) throws IOException {
        inbox.onEnd(null); // the handler has ended
        if (!connection.isOpen()
                || (settings.log() == null && !holdsPlace && connection.unsent() <= SMALL)) {
            return;
        }
        try {
            exchange.flush();
        } catch (InterruptedIOException e) {
            throw e; // killed, or the client does not read
        } catch (IOException e) {
            LOG.debug("{} has gone: {}", connection, e.getMessage());
            exchange.cut();
        }
    }

    /** Made when it is needed: an idle connection has none. */
    private Failures failures() {
        return new Failures(connection, settings, inbox);
    }

    private Http1Exchange newExchange(HttpRequest head) {
        return new Http1Exchange(this, connection, inbox, head);
    }

    /** What can be refused before the handler is asked. */
    private void checkBody(HttpRequest head) throws BadRequest {
        long limit = settings.limits().body();
        String length = limit == 0 ? null : head.headers().get(HttpHeaderNames.CONTENT_LENGTH);
        if (length != null && Long.parseLong(length) > limit) {
            throw new BadRequest(413, "the body is larger than " + limit + " bytes");
        }
    }

    private void answer(Http1Exchange exchange, Request request, Response response)
            throws Exception {
        try {
            if (!takePlace()) {
                failures().overloaded(exchange, response);
                return;
            }
            handleUntilStop(exchange, request, response);
            if (response.upgrade() instanceof Http1Upgrade upgrade) {
                exchange.last();
                leavePlace(); // what comes may be silent for hours
                takeOver(exchange, upgrade);
                return;
            }
            response.complete();
        } catch (HeadAnswered e) {
            response.complete();
        } catch (Throwable e) {
            if (Coroutine.isKill(e)) {
                exchange.cut();
                throw e; // which the server expects
            }
            failures().answer(exchange, response, e);
        }
    }

    /** Waits its turn, for as long as a handler may take at most; false if that was too long. */
    private boolean takePlace() throws InterruptedException {
        Semaphore places = settings.places();
        if (places == null) {
            return true;
        }
        Duration limit = settings.limits().requestTime();
        if (limit == null || limit.isZero()) {
            places.acquire();
        } else if (!places.acquire(limit)) {
            return false;
        }
        holdsPlace = true;
        return true;
    }

    private void leavePlace() {
        if (holdsPlace && settings.places() != null) {
            holdsPlace = false;
            settings.places().release();
        }
    }

    private void takeOver(Http1Exchange exchange, Http1Upgrade upgrade) throws Exception {
        requireNothingBehind(exchange.bodyHasEnded());
        upgraded = upgrade;
        if (draining) {
            upgrade.drain();
        }
        upgrade.takeOver(
                connection,
                exchange.head(),
                () -> {
                    requireNothingBehind(true); // until now it could still come
                    inbox.retire();
                    exchange.handOver();
                });
    }

    private void requireNothingBehind(boolean bodyHasEnded) throws HttpException {
        if (!bodyHasEnded || !inbox.isEmpty() || decoder.hasBegun()) {
            throw new HttpException(
                    400, "expected nothing behind a request to change the protocol");
        }
    }

    /** As {@link #handle}, of which the server's stop may be the end: that is no failure. */
    private void handleUntilStop(Http1Exchange exchange, Request request, Response response)
            throws Exception {
        boolean stopped = false;
        try {
            handle(exchange, request, response);
        } catch (InterruptedException | InterruptedIOException e) {
            stopped = lastWord != null && lastWord.handlerEnded();
            if (!stopped) {
                throw e;
            }
        } finally {
            if (lastWord != null) {
                lastWord.handlerEnded();
            }
        }
        if (stopped && !response.isCommitted()) {
            failures().stopping(exchange, response);
        }
    }

    private void handle(Http1Exchange exchange, Request request, Response response)
            throws Exception {
        Duration limit = settings.limits().requestTime();
        if (limit == null || limit.isZero()) {
            settings.handler().handle(request, response);
            return;
        }
        if (requestLimit == null) {
            requestLimit = new RecurringTimeout(limit);
        }
        var timeout = requestLimit.start();
        exchange.endsWhenBegun(timeout);
        try {
            settings.handler().handle(request, response);
        } catch (Exception e) {
            if (timeout.owns(e)) {
                throw new HttpException(503, "no answer within " + limit, e);
            }
            throw e;
        } finally {
            timeout.close();
        }
    }

    /** After the response: the connection is made ready for the next request, or for its end. */
    private void finish(Http1Exchange exchange) throws IOException {
        boolean failed = exchange.bodyHasFailed();
        if (!connection.isOpen() || (exchange.bodyHasEnded() && !failed)) {
            return;
        }
        var patience = new Patience(connection.loop());
        try {
            if (!failed
                    && exchange.keepsAlive()
                    && exchange.drainBody(settings.limits().unreadBody(), patience)) {
                return;
            }
        } catch (BadRequest e) {
            LOG.debug("{}: {}", connection, Printable.of(e.getMessage()));
        }
        exchange.last();
        if (patience.next() != null) {
            connection.expectMore();
        }
    }

    /** Has the next response say that it is the last. Any thread. */
    public void announceEnd() {
        draining = true;
    }

    /**
     * Has the connection end after the request under way; if there is none, at once, or after a
     * last call if it has been in use just now. Any thread; for a server that stops.
     */
    public void drain() {
        draining = true;
        Http1Upgrade next = upgraded;
        if (next != null) {
            next.drain();
            return;
        }
        try {
            connection.loop().eventLoop().execute(this::drainHere);
        } catch (RejectedExecutionException e) {
            connection.close(); // the loop has ended
        }
    }

    /** On the hub. */
    private void drainHere() {
        if (lastWord != null) {
            lastWord.serverStops();
        }
        if (idle) {
            lastCall = new LastCall(this);
            lastCall.begin(idleSince);
        }
    }

    /** The running handler is to be interrupted when the server stops. */
    void endWithServer() {
        if (lastWord == null) {
            lastWord = new LastWord();
        }
        lastWord.wanted();
        if (draining) {
            lastWord.serverStops();
        }
    }

    /**
     * On the hub, where one sees what has come and the coroutine has not been told of yet: that is
     * a request under way, as is one that has begun to come.
     */
    void closeIfIdle() {
        if (idle && inbox.isEmpty() && !decoder.hasBegun()) {
            connection.close();
        }
    }

    /** {@code http} or {@code https}. */
    String scheme() {
        if (scheme == null) {
            scheme = connection.isSecure() ? "https" : "http";
        }
        return scheme;
    }

    Connection connection() {
        return connection;
    }

    boolean isDraining() {
        return draining;
    }

    /** Whether connections are kept for another request at all. */
    boolean mayKeepAlive() {
        Duration time = settings.limits().keepAlive();
        return time == null || !time.isZero();
    }

    boolean isInboxEmpty() {
        return inbox.isEmpty();
    }

    Dates dates() {
        return dates;
    }

    Settings settings() {
        return settings;
    }
}
