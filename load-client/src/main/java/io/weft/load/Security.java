package io.weft.load;

import io.netty.handler.ssl.JdkSslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslProvider;
import io.netty.handler.ssl.util.InsecureTrustManagerFactory;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketAddress;

import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;

/**
 * TLS over a socket of java.net: the same certificates are believed as by {@link io.weft.net.Tls}.
 * Any thread.
 */
final class Security {
    private final SSLContext context;
    private final boolean verify;

    private Security(SSLContext context, boolean verify) {
        this.context = context;
        this.verify = verify;
    }

    /**
     * For clients.
     *
     * @param insecure whether any certificate of any host is believed
     */
    static Security client(boolean insecure) {
        var builder = SslContextBuilder.forClient().sslProvider(SslProvider.JDK);
        if (insecure) {
            builder.trustManager(InsecureTrustManagerFactory.INSTANCE);
        }
        try {
            if (builder.build() instanceof JdkSslContext jdk) {
                return new Security(jdk.context(), !insecure);
            }
            throw new IllegalStateException("expected the JDK's TLS");
        } catch (IOException e) {
            throw new IllegalStateException("the JDK has no TLS", e);
        }
    }

    /** Protects a connected socket; returns when the handshake is done. */
    Socket protect(Socket socket, SocketAddress target) throws IOException {
        var inet = (InetSocketAddress) target;
        var secure =
                (SSLSocket)
                        context.getSocketFactory()
                                .createSocket(socket, inet.getHostString(), inet.getPort(), true);
        var parameters = secure.getSSLParameters();
        parameters.setProtocols(new String[] {"TLSv1.3", "TLSv1.2"});
        if (verify) {
            parameters.setEndpointIdentificationAlgorithm("HTTPS");
        }
        secure.setSSLParameters(parameters);
        secure.startHandshake();
        return secure;
    }
}
