package io.weft.libraries;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** An HTTP server on plain threads, whose every answer passes a gate. */
final class HeldHttp implements AutoCloseable {
    private static final int BACKLOG = 200;

    private final Gate gate;
    private final HttpServer server;
    private final ExecutorService threads = Executors.newCachedThreadPool();

    HeldHttp(Gate gate) throws IOException {
        this.gate = gate;
        server =
                HttpServer.create(
                        new InetSocketAddress(InetAddress.getByName("127.0.0.1"), 0), BACKLOG);
        server.createContext("/", this::answer);
        server.setExecutor(threads);
        server.start();
    }

    String url(int number) {
        return "http://127.0.0.1:" + server.getAddress().getPort() + "/" + number;
    }

    private void answer(HttpExchange exchange) throws IOException {
        try (exchange) {
            gate.pass();
            byte[] answer =
                    ("answer " + exchange.getRequestURI().getPath().substring(1))
                            .getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(200, answer.length);
            exchange.getResponseBody().write(answer);
        } catch (InterruptedException e) {
            throw (IOException) new InterruptedIOException().initCause(e);
        }
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
    }
}
