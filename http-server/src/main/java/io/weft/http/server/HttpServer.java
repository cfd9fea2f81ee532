package io.weft.http.server;

import io.weft.LoopGroup;
import io.weft.http.Handler;
import io.weft.http.Limits;
import io.weft.http.ReplyHandler;
import io.weft.http.h1.Clients;
import io.weft.http.h1.Http1;
import io.weft.http.h1.Settings;
import io.weft.net.Connection;
import io.weft.server.StreamServer;

import java.io.IOException;
import java.net.SocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Serves HTTP (gevent: pywsgi.WSGIServer): a coroutine for each connection, which runs the handler
 * for one request after another. Any thread.
 *
 * <p>Differences from gevent: all cores are used; a connection that waits for its next request is
 * closed after a while, and when the server stops.
 */
public final class HttpServer implements AutoCloseable {
    private static final Duration STOP_TIMEOUT = Duration.ofSeconds(1);

    private final StreamServer server;
    private volatile Settings settings;
    private final Set<Http1> connections = ConcurrentHashMap.newKeySet();
    private volatile boolean draining;

    HttpServer(HttpServerBuilder builder) throws IOException {
        this.settings = builder.settings();
        var streams =
                StreamServer.builder(this::serve)
                        .codec(connection -> Http1.prepare(connection, settings));
        this.server = builder.bind(streams);
    }

    /**
     * A server on all cores that listens on {@code address}, as {@link io.weft.net.Addresses#parse}
     * reads it.
     *
     * @throws IOException if it cannot listen there; the message says why
     */
    public static HttpServer bind(String address, Handler handler) throws IOException {
        return builder(handler).listen(address).bind();
    }

    /** As before, for a handler that returns its answer. */
    public static HttpServer bind(String address, ReplyHandler handler) throws IOException {
        return bind(address, handler.asHandler());
    }

    /** For everything that {@link #bind} does not ask for. */
    public static HttpServerBuilder builder(Handler handler) {
        return new HttpServerBuilder(handler);
    }

    private void serve(Connection connection) throws Exception {
        var http = Http1.of(connection, settings);
        connections.add(http);
        try {
            if (draining) {
                http.drain();
            }
            http.serve();
        } finally {
            connections.remove(http);
        }
    }

    /**
     * Has connections that come from now on be served by other limits, and take the word of others
     * for who asks. Those that are there keep what they began with.
     */
    public void reconfigure(Limits limits, Clients clients) {
        settings = settings.with(limits, clients);
    }

    /** Accepts no more; new connections wait in the kernel's backlog. */
    public void stopAccepting() {
        server.stopAccepting();
    }

    /** Accepts again after {@link #stopAccepting()}. */
    public void startAccepting() {
        server.startAccepting();
    }

    /** Waits until the server is stopped. */
    public void serveForever() throws InterruptedException {
        server.serveForever();
    }

    /**
     * Has the server stop: WebSockets are told that it goes (1001), event streams and whatever else
     * asked for it ({@link io.weft.http.Response#endWithServer}, {@link
     * io.weft.http.Request#stop()}) end, idle connections are closed, also those whose TLS or PROXY
     * header has not come; those in use just now may ask once more, within {@link
     * StreamServer#LAST_CALL}. Closes the listeners behind the last that waits there, who is
     * answered too; waits up to {@code timeout} for the requests under way, and kills the handlers
     * that are left. It returns a few seconds after {@code timeout} at the latest, as {@link
     * StreamServer#stop} has it.
     *
     * @return whether all ended by themselves
     */
    public boolean stop(Duration timeout) throws InterruptedException {
        draining = true;
        settings.stop().set();
        connections.forEach(Http1::announceEnd); // all, before the first sees one of them close
        connections.forEach(Http1::drain);
        try {
            return server.stop(timeout);
        } finally {
            settings.refusals().flush();
            settings.overload().flush();
        }
    }

    /** As {@link #stop(Duration)} with one second. */
    @Override
    public void close() {
        try {
            stop(STOP_TIMEOUT);
        } catch (InterruptedException e) {
            server.close();
            Thread.currentThread().interrupt();
        }
    }

    /** Where it listens, with the ports that the system chose. */
    public List<SocketAddress> addresses() {
        return server.addresses();
    }

    /** The first of {@link #addresses()}. */
    public SocketAddress address() {
        return server.address();
    }

    /** How many connections are open. */
    public int connectionCount() {
        return server.connectionCount();
    }

    /** Whether it has been told to stop. */
    public boolean isStopping() {
        return draining;
    }

    /** The loops that it runs on. */
    public LoopGroup group() {
        return server.group();
    }

    @Override
    public String toString() {
        return "HTTP " + server;
    }
}
