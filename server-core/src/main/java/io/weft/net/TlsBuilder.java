package io.weft.net;

import io.netty.handler.ssl.ApplicationProtocolConfig;
import io.netty.handler.ssl.ApplicationProtocolConfig.Protocol;
import io.netty.handler.ssl.ApplicationProtocolConfig.SelectedListenerFailureBehavior;
import io.netty.handler.ssl.ApplicationProtocolConfig.SelectorFailureBehavior;
import io.netty.handler.ssl.ClientAuth;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslProvider;
import io.netty.handler.ssl.util.InsecureTrustManagerFactory;
import io.netty.util.DomainWildcardMappingBuilder;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.PrivateKey;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Gathers what {@link Tls} is made of. PEM files: certificate chains, and keys in PKCS#8, PKCS#1 or
 * SEC1, not encrypted. Not thread-safe.
 */
public final class TlsBuilder {
    private record Pair(Path certificate, Path key) {}

    private final boolean server;
    private final Map<String, Pair> names = new LinkedHashMap<>();
    private @Nullable Pair own;
    private @Nullable Path trusted;
    private boolean trustAll;
    private boolean clientCertificate;
    private List<String> protocols = List.of();
    @Nullable Duration handshakeTimeout; // if one was given
    boolean ignoreUnexpectedEnd;

    TlsBuilder(boolean server) {
        this.server = server;
    }

    private TlsBuilder(TlsBuilder other) {
        this.server = other.server;
        this.names.putAll(other.names);
        this.own = other.own;
        this.trusted = other.trusted;
        this.trustAll = other.trustAll;
        this.clientCertificate = other.clientCertificate;
        this.protocols = other.protocols;
        this.handshakeTimeout = other.handshakeTimeout;
        this.ignoreUnexpectedEnd = other.ignoreUnexpectedEnd;
    }

    /** This side's certificate chain and its key. */
    public TlsBuilder certificate(Path chain, Path key) {
        own = new Pair(chain, key);
        return this;
    }

    /**
     * For a server: another certificate for clients that ask for {@code name}, as {@code
     * *.example.org} (SNI, RFC 6066).
     */
    public TlsBuilder certificateFor(String name, Path chain, Path key) {
        names.put(name, new Pair(chain, key));
        return this;
    }

    /**
     * The certificate authorities to believe in. A server then asks for a client certificate and
     * insists on one.
     */
    public TlsBuilder trust(Path authorities) {
        trusted = authorities;
        clientCertificate = server;
        return this;
    }

    /** For a client: believes any certificate of any host. For tests. */
    public TlsBuilder insecure() {
        trustAll = true;
        return this;
    }

    /** Protocols by preference, as in {@code http/1.1} (ALPN, RFC 7301). */
    public TlsBuilder applicationProtocols(String... byPreference) {
        protocols = List.of(byPreference);
        return this;
    }

    /**
     * How long the handshake may take. Ten seconds by default, and as long as the rest of {@link
     * Connector#timeout}, if that is set.
     */
    public TlsBuilder handshakeTimeout(Duration limit) {
        handshakeTimeout = limit;
        return this;
    }

    /**
     * Takes the end of the bytes for the end of the stream, as the JDK's sockets and Python's
     * {@code suppress_ragged_eofs} do (OpenSSL: {@code SSL_OP_IGNORE_UNEXPECTED_EOF}), for peers
     * that close without a close_notify, where the protocol on top of TLS says itself what is
     * whole. Unless this is called a read fails then, after all that has come was read: somebody on
     * the way may have cut the stream (RFC 8446 section 6.1).
     */
    public TlsBuilder ignoreUnexpectedEnd() {
        ignoreUnexpectedEnd = true;
        return this;
    }

    /**
     * Reads the files.
     *
     * @throws IOException if a file cannot be read, holds no certificate or key, or the key is not
     *     the certificate's; the message says which
     */
    public Tls build() throws IOException {
        return new Tls(new TlsBuilder(this));
    }

    boolean verifiesHost() {
        return !server && !trustAll;
    }

    /** What the files say now. */
    Tls.Contexts read() throws IOException {
        SslContext unnamed = context(own);
        var byName = new DomainWildcardMappingBuilder<>(unnamed);
        for (var entry : names.entrySet()) {
            byName.add(entry.getKey(), context(entry.getValue()));
        }
        return new Tls.Contexts(unnamed, names.isEmpty() ? null : byName.build());
    }

    private SslContext context(@Nullable Pair pair) throws IOException {
        if (server && pair == null) {
            throw new IllegalStateException("a TLS server needs a certificate and its key");
        }
        try {
            SslContextBuilder builder;
            if (pair == null) {
                builder = SslContextBuilder.forClient();
            } else {
                var chain = CertificateChain.read(readable(pair.certificate));
                PrivateKey key = KeyFile.read(readable(pair.key));
                CertificateChain.check(chain, pair.certificate, key, pair.key);
                builder =
                        server
                                ? SslContextBuilder.forServer(key, chain)
                                : SslContextBuilder.forClient().keyManager(key, chain);
            }
            if (trustAll) {
                builder.trustManager(InsecureTrustManagerFactory.INSTANCE);
            } else if (trusted != null) {
                builder.trustManager(readable(trusted).toFile());
            }
            if (clientCertificate) {
                builder.clientAuth(ClientAuth.REQUIRE);
            }
            if (!protocols.isEmpty()) {
                builder.applicationProtocolConfig(
                        new ApplicationProtocolConfig(
                                Protocol.ALPN,
                                SelectorFailureBehavior.NO_ADVERTISE,
                                SelectedListenerFailureBehavior.ACCEPT,
                                protocols));
            }
            return builder.sslProvider(SslProvider.JDK).protocols("TLSv1.3", "TLSv1.2").build();
        } catch (IllegalArgumentException e) {
            Throwable cause = e.getCause() == null ? e : e.getCause();
            throw new IOException(
                    (pair == null ? "" : pair.certificate + ", " + pair.key + ": ")
                            + e.getMessage()
                            + ": "
                            + cause.getMessage(),
                    e);
        }
    }

    private static Path readable(Path file) throws IOException {
        if (!Files.isReadable(file)) {
            throw new IOException("cannot read " + file);
        }
        return file;
    }
}
