package io.weft.http.cli;

import io.weft.http.server.HttpServerBuilder;
import io.weft.http.server.TrustedProxies;

import picocli.CommandLine.Option;

import java.util.List;

/** Whose word is taken for who the client is. */
final class ProxyOptions {
    @Option(
            names = "--forwarded-allow-ips",
            paramLabel = "ADDRESSES",
            split = ",",
            defaultValue = "127.0.0.1,::1",
            description = "proxies whose X-Forwarded-For and -Proto are believed; * for any")
    private List<String> forwardedAllowIps = List.of();

    @Option(
            names = "--proxy-protocol",
            description = "connections begin with a PROXY header, version 1 or 2")
    private boolean proxyProtocol;

    @Option(
            names = "--proxy-allow-from",
            paramLabel = "ADDRESSES",
            split = ",",
            defaultValue = "127.0.0.1,::1",
            description = "proxies whose PROXY header is believed; * for any")
    private List<String> proxyAllowFrom = List.of();

    TrustedProxies forwarders() {
        return TrustedProxies.of(forwardedAllowIps);
    }

    void applyTo(HttpServerBuilder builder) {
        builder.clients(forwarders());
        if (proxyProtocol) {
            builder.proxyProtocol(TrustedProxies.of(proxyAllowFrom));
        }
    }
}
