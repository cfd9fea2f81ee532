package io.weft.http.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.weft.http.testing.Site;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Path;
import java.util.List;

/** What a PROXY header says is what requests and the access log know. */
class ProxyProtocolTest {
    private static final String HEADER = "PROXY TCP4 192.0.2.1 192.0.2.2 4711 443\r\n";
    private static final String REQUEST = "GET /a HTTP/1.0\r\n\r\n";

    @Test
    void accessLogShowsTheClient(@TempDir Path folder) throws Exception {
        Path file = folder.resolve("log");
        try (var log = AccessLog.to(file, LogFormat.of("%(h)s %(U)s %(s)s"));
                var site =
                        new Site(
                                (request, response) ->
                                        response.send(request.remoteAddress().toString()),
                                builder -> builder.log(log).proxyProtocol(true))) {
            assertThat(site.ask(HEADER + REQUEST).body()).isEqualTo("/192.0.2.1:4711");
        }
        assertThat(file).hasContent("192.0.2.1 /a 200\n");
    }

    @Test
    void headerOfAnUntrustedPeerIsNoRequest() throws Exception {
        try (var site =
                new Site(
                        (request, response) -> response.send("x"),
                        builder ->
                                builder.proxyProtocol(TrustedProxies.of(List.of("192.0.2.9"))))) {
            assertThat(site.ask(HEADER + REQUEST).status()).isEqualTo(400);
            assertThat(site.ask(REQUEST).status()).isEqualTo(200);
        }
    }

    @Test
    void trustedProxyHasToSendOne() throws Exception {
        try (var site =
                        new Site(
                                (request, response) -> response.send("x"),
                                builder ->
                                        builder.proxyProtocol(
                                                TrustedProxies.of(List.of("127.0.0.1"))));
                var socket = site.connect()) {
            assertThat(site.ask(HEADER + REQUEST).status()).isEqualTo(200);
            Site.send(socket, REQUEST);
            assertThat(Site.readToTheEnd(socket)).isEmpty();
        }
    }
}
