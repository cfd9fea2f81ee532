package io.weft.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.netty.channel.socket.DuplexChannel;
import io.netty.handler.ssl.util.InsecureTrustManagerFactory;
import io.weft.Weft;
import io.weft.server.ConnectionHandler;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.function.UnaryOperator;

import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLSocket;

/** A stream of TLS that ends without its peer's word is not one that has ended (RFC 8446 6.1). */
class TruncationTest {
    private static final String SENT = "transfer 1";

    /** How a peer ends what it sends. */
    enum End {
        GOODBYE {
            @Override
            void of(SSLSocket secure, Socket plain) throws IOException {
                secure.shutdownOutput();
            }
        },
        GOODBYE_AND_CLOSE {
            @Override
            void of(SSLSocket secure, Socket plain) throws IOException {
                secure.close();
            }
        },
        END_BENEATH {
            @Override
            void of(SSLSocket secure, Socket plain) throws IOException {
                plain.shutdownOutput();
            }
        },
        CLOSE_BENEATH {
            @Override
            void of(SSLSocket secure, Socket plain) throws IOException {
                plain.close();
            }
        },
        NONSENSE {
            @Override
            void of(SSLSocket secure, Socket plain) throws IOException {
                plain.getOutputStream().write(new byte[] {23, 3, 3, 0, 32});
                plain.getOutputStream().write(new byte[32]);
                plain.getOutputStream().flush();
            }
        };

        abstract void of(SSLSocket secure, Socket plain) throws IOException;
    }

    /** What a server has read to the end, or what came in place of that. */
    private static final class Reader {
        final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        final CompletableFuture<String> end = new CompletableFuture<>();

        void read(Connection connection) {
            try {
                for (byte[] some; (some = connection.read(100)) != null; ) {
                    bytes.write(some);
                }
                end.complete(bytes.toString(StandardCharsets.US_ASCII));
            } catch (Throwable e) {
                end.completeExceptionally(e);
            }
        }
    }

    /**
     * @param early whether the server reads before the end has come
     */
    private static Reader read(
            String version, End end, UnaryOperator<TlsBuilder> with, boolean early)
            throws Exception {
        var reader = new Reader();
        var accepted = new CompletableFuture<Connection>();
        var mayRead = new CountDownLatch(early ? 0 : 1);
        ConnectionHandler handler =
                connection -> {
                    accepted.complete(connection);
                    mayRead.await();
                    reader.read(connection);
                };
        var tls = with.apply(Certificates.localhost(Tls.server())).build();
        try (var host = new TlsHost(tls, handler);
                var plain = host.connectPlainly();
                var secure = secure(plain, version)) {
            secure.getOutputStream().write(SENT.getBytes(StandardCharsets.US_ASCII));
            end.of(secure, plain);
            if (!early) {
                var connection = accepted.get();
                await().atMost(TlsHost.PATIENCE)
                        .until(() -> connection.loop().call(() -> connection.inbound.ended));
            }
            mayRead.countDown();
            await().atMost(TlsHost.PATIENCE).until(reader.end::isDone);
        }
        return reader;
    }

    private static SSLSocket secure(Socket plain, String version) throws Exception {
        var context = SSLContext.getInstance("TLS");
        context.init(null, InsecureTrustManagerFactory.INSTANCE.getTrustManagers(), null);
        var socket =
                (SSLSocket)
                        context.getSocketFactory()
                                .createSocket(plain, "localhost", plain.getPort(), true);
        socket.setEnabledProtocols(new String[] {version});
        socket.startHandshake();
        return socket;
    }

    @ParameterizedTest
    @CsvSource({
        "TLSv1.2, GOODBYE",
        "TLSv1.2, GOODBYE_AND_CLOSE",
        "TLSv1.3, GOODBYE",
        "TLSv1.3, GOODBYE_AND_CLOSE"
    })
    void endThatThePeerHasSaidIsOne(String version, End end) throws Exception {
        for (boolean early : new boolean[] {true, false}) {
            assertThat(read(version, end, tls -> tls, early).end).isCompletedWithValue(SENT);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "TLSv1.2, END_BENEATH",
        "TLSv1.2, CLOSE_BENEATH",
        "TLSv1.2, NONSENSE",
        "TLSv1.3, END_BENEATH",
        "TLSv1.3, CLOSE_BENEATH",
        "TLSv1.3, NONSENSE"
    })
    void anyOtherEndFailsBehindWhatHasCome(String version, End end) throws Exception {
        for (boolean early : new boolean[] {true, false}) {
            var reader = read(version, end, tls -> tls, early);
            assertThat(reader.bytes).hasToString(SENT);
            var failure = reader.end.exceptionNow();
            assertThat(failure).isInstanceOf(DisconnectedException.class);
            if (end != End.NONSENSE) {
                assertThat(failure)
                        .hasMessageContaining("without the peer's close_notify")
                        .hasCauseInstanceOf(SSLException.class);
            }
        }
    }

    @ParameterizedTest
    @EnumSource(End.class)
    void endsAreTakenAsTheyComeIfThatIsAskedFor(End end) throws Exception {
        var reader = read("TLSv1.3", end, TlsBuilder::ignoreUnexpectedEnd, true);
        assertThat(reader.bytes).hasToString(SENT);
        assertThat(reader.end.isCompletedExceptionally()).isEqualTo(end == End.NONSENSE);
    }

    /** A client's side of it: the server ends TCP beneath TLS. */
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void serversEndIsLookedAtLikewise(boolean ignored) throws Exception {
        ConnectionHandler cutting =
                connection -> {
                    connection.write(SENT);
                    connection.flush();
                    Weft.await(((DuplexChannel) connection.channel()).shutdownOutput());
                    connection.read(1);
                };
        var builder = Tls.client().insecure();
        try (var host = new TlsHost(Certificates.localhost(Tls.server()).build(), cutting);
                var client =
                        host.connect(ignored ? builder.ignoreUnexpectedEnd() : builder, "any")) {
            assertThat(client.readExactly(SENT.length())).asString().isEqualTo(SENT);
            if (ignored) {
                assertThat(client.read(1)).isNull();
            } else {
                assertThatThrownBy(() -> client.read(1))
                        .isInstanceOf(DisconnectedException.class)
                        .hasMessageContaining("close_notify");
            }
        }
    }
}
