package io.weft.http.h1;

import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.util.AsciiString;
import io.weft.http.Handler;
import io.weft.http.Limits;
import io.weft.server.Tally;
import io.weft.sync.Event;
import io.weft.sync.Semaphore;

import org.jspecify.annotations.Nullable;
import org.slf4j.LoggerFactory;

/**
 * What all connections of a server share. Immutable.
 *
 * @param handler answers
 * @param limits what a client may ask for
 * @param name what the server calls itself in {@code Server}; null for nothing
 * @param clients tells who asks, where a proxy stands between
 * @param log hears of each request that has been answered; null for nobody
 * @param places what a request takes one of until it is answered; null for as many as come
 * @param stop set when the server begins to stop
 * @param refusals of requests that no handler could be asked
 * @param overload of requests for which there was no place in time
 */
public record Settings(
        Handler handler,
        Limits limits,
        @Nullable AsciiString name,
        Clients clients,
        @Nullable RequestLog log,
        @Nullable Semaphore places,
        Event stop,
        Tally refusals,
        Tally overload) {
    /** Of a server that nobody has told to stop, with counts of its own of what is refused. */
    public Settings(
            Handler handler,
            Limits limits,
            @Nullable AsciiString name,
            Clients clients,
            @Nullable RequestLog log,
            @Nullable Semaphore places) {
        this(
                handler,
                limits,
                name,
                clients,
                log,
                places,
                new Event(),
                Tally.ofInfo(LoggerFactory.getLogger(Http1.class)),
                Tally.ofWarnings(LoggerFactory.getLogger(Http1.class)));
    }

    /** The same, but for what a running server may change. */
    public Settings with(Limits nextLimits, Clients nextClients) {
        return new Settings(
                handler, nextLimits, name, nextClients, log, places, stop, refusals, overload);
    }

    /** Puts in what every response says. */
    void stamp(HttpHeaders fields, Dates dates) {
        if (!fields.contains(HttpHeaderNames.DATE)) {
            fields.add(HttpHeaderNames.DATE, dates.now());
        }
        if (name != null && !fields.contains(HttpHeaderNames.SERVER)) {
            fields.add(HttpHeaderNames.SERVER, name);
        }
    }
}
