import io.undertow.Undertow;
import io.undertow.UndertowOptions;
import io.undertow.util.Headers;

import org.xnio.Options;

import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/** Undertow at its quickest: a handler that does not block, on the one I/O thread. */
public final class UndertowHttp {
    public static void main(String[] arguments) {
        ByteBuffer hello = ByteBuffer.allocateDirect(13);
        hello.put("Hello, World!".getBytes(StandardCharsets.US_ASCII)).flip();
        var server =
                Undertow.builder()
                        .addHttpListener(0, "127.0.0.1")
                        .setIoThreads(1)
                        .setWorkerThreads(1)
                        .setSocketOption(Options.BACKLOG, 2048)
                        .setSocketOption(Options.TCP_NODELAY, true)
                        // HTTP/1.1 connections stay without being told to
                        .setServerOption(UndertowOptions.ALWAYS_SET_KEEP_ALIVE, false)
                        .setServerOption(UndertowOptions.ALWAYS_SET_DATE, true)
                        .setServerOption(UndertowOptions.NO_REQUEST_TIMEOUT, 600_000)
                        .setServerOption(UndertowOptions.RECORD_REQUEST_START_TIME, false)
                        .setHandler(
                                exchange -> {
                                    exchange.getResponseHeaders()
                                            .put(Headers.CONTENT_TYPE, "text/plain; charset=utf-8")
                                            .put(Headers.SERVER, "undertow");
                                    exchange.getResponseSender().send(hello.duplicate());
                                })
                        .build();
        server.start();
        var address = (InetSocketAddress) server.getListenerInfo().getFirst().getAddress();
        System.out.println("listening on 127.0.0.1:" + address.getPort());
    }

    private UndertowHttp() {}
}
