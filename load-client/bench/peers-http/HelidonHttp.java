import io.helidon.http.Header;
import io.helidon.http.HeaderNames;
import io.helidon.http.HeaderValues;
import io.helidon.webserver.WebServer;

import java.nio.charset.StandardCharsets;
import java.time.Duration;

/** Helidon 4: a virtual thread per connection, the JDK's own scheduler. */
public final class HelidonHttp {
    private static final Header TYPE =
            HeaderValues.createCached(HeaderNames.CONTENT_TYPE, "text/plain; charset=utf-8");
    private static final Header NAME = HeaderValues.createCached(HeaderNames.SERVER, "helidon");
    private static final Header LENGTH =
            HeaderValues.createCached(HeaderNames.CONTENT_LENGTH, "13");
    private static final byte[] HELLO = "Hello, World!".getBytes(StandardCharsets.US_ASCII);

    public static void main(String[] arguments) {
        var server =
                WebServer.builder()
                        .host("127.0.0.1")
                        .port(0)
                        .backlog(2048)
                        .idleConnectionTimeout(Duration.ofMinutes(30))
                        .connectionOptions(socket -> socket.tcpNoDelay(true))
                        .routing(
                                routes ->
                                        routes.any(
                                                (request, response) -> {
                                                    response.header(TYPE)
                                                            .header(LENGTH)
                                                            .header(NAME);
                                                    response.send(HELLO);
                                                }))
                        .build()
                        .start();
        System.out.println("listening on 127.0.0.1:" + server.port());
    }

    private HelidonHttp() {}
}
