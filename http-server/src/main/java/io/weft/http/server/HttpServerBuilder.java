package io.weft.http.server;

import io.netty.handler.codec.http.DefaultHttpHeadersFactory;
import io.netty.util.AsciiString;
import io.weft.LoopGroup;
import io.weft.http.Handler;
import io.weft.http.Limits;
import io.weft.http.h1.Clients;
import io.weft.http.h1.RequestLog;
import io.weft.http.h1.Settings;
import io.weft.net.Tls;
import io.weft.server.ServerBuilder;
import io.weft.server.StreamServer;
import io.weft.sync.Semaphore;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.net.SocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/** Gathers what an {@link HttpServer} is made of. Not thread-safe. */
public final class HttpServerBuilder {
    private final Handler handler;
    private final List<Consumer<ServerBuilder>> parts = new ArrayList<>();
    private Limits limits = Limits.DEFAULT;
    private @Nullable AsciiString name = AsciiString.cached("weft");
    private Clients clients = Clients.DIRECT;
    private @Nullable RequestLog log;
    private @Nullable Semaphore places;

    HttpServerBuilder(Handler handler) {
        this.handler = handler;
    }

    /** One more address to listen on, as {@link io.weft.net.Addresses#parse} reads it. */
    public HttpServerBuilder listen(String address) {
        parts.add(server -> server.listen(address));
        return this;
    }

    /** One more address to listen on. */
    public HttpServerBuilder listen(SocketAddress address) {
        parts.add(server -> server.listen(address));
        return this;
    }

    /** The loops to run on, which stay the caller's to close. */
    public HttpServerBuilder group(LoopGroup loops) {
        parts.add(server -> server.group(loops));
        return this;
    }

    /** Protects all connections by TLS; null for none. */
    public HttpServerBuilder tls(@Nullable Tls tls) {
        parts.add(server -> server.tls(tls));
        return this;
    }

    /**
     * Whether each connection begins with a header of the PROXY protocol, as {@link
     * ServerBuilder#proxyProtocol(boolean)} has it. Off by default.
     */
    public HttpServerBuilder proxyProtocol(boolean expected) {
        parts.add(server -> server.proxyProtocol(expected));
        return this;
    }

    /**
     * As before, of these proxies only (gunicorn: proxy-allow-from). A header of anybody else's is
     * no request: it is answered by 400.
     */
    public HttpServerBuilder proxyProtocol(TrustedProxies proxies) {
        parts.add(server -> server.proxyProtocol(proxies::trust));
        return this;
    }

    /** With so many connections it stops accepting until one closes. */
    public HttpServerBuilder maxConnections(int most) {
        parts.add(server -> server.maxConnections(most));
        return this;
    }

    /** How many connections the kernel keeps waiting. */
    public HttpServerBuilder backlog(int connections) {
        parts.add(server -> server.backlog(connections));
        return this;
    }

    /** Lets other processes listen on the same port. */
    public HttpServerBuilder reusePort(boolean shared) {
        parts.add(server -> server.reusePort(shared));
        return this;
    }

    /** What a client may ask for. */
    public HttpServerBuilder limits(Limits all) {
        limits = all;
        return this;
    }

    /**
     * What the server calls itself; null for nothing.
     *
     * @throws IllegalArgumentException if it cannot be the value of a header
     */
    public HttpServerBuilder name(@Nullable String server) {
        if (server != null) {
            DefaultHttpHeadersFactory.headersFactory().getValueValidator().validate(server);
            if (server.chars().anyMatch(c -> c > 0xff)) {
                throw new IllegalArgumentException(
                        "expected characters up to U+00FF in the server's name, but got " + server);
            }
        }
        name = server == null ? null : new AsciiString(server);
        return this;
    }

    /** Whose word is taken for who asks. */
    public HttpServerBuilder clients(Clients known) {
        clients = known;
        return this;
    }

    /** Who hears of each request that was answered. */
    public HttpServerBuilder log(@Nullable RequestLog hears) {
        log = hears;
        return this;
    }

    /**
     * Has no more than {@code most} requests answered at once, of however many connections; others
     * wait their turn, first come, first served, and are answered by 503 if that takes longer than
     * {@link Limits#requestTime}. A request counts from the end of its head to the end of its
     * response: idle connections and WebSockets do not (gevent: spawn=Pool, whose places idle
     * connections hold). Unlimited by default.
     */
    public HttpServerBuilder concurrency(int most) {
        if (most < 1) {
            throw new IllegalArgumentException(
                    "a server answers at least one request at once, but was to answer " + most);
        }
        return concurrency(new Semaphore(most));
    }

    /** As before, with places that are shared with other servers, or whoever else takes them. */
    public HttpServerBuilder concurrency(Semaphore shared) {
        places = shared;
        return this;
    }

    /**
     * Listens and accepts from now on.
     *
     * @throws IOException if it cannot listen on one of the addresses; the message says why
     */
    public HttpServer bind() throws IOException {
        return new HttpServer(this);
    }

    Settings settings() {
        return new Settings(handler, limits, name, clients, log, places);
    }

    StreamServer bind(ServerBuilder server) throws IOException {
        parts.forEach(part -> part.accept(server));
        return server.bind();
    }
}
