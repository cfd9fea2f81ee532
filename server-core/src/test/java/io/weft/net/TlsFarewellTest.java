package io.weft.net;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.channel.ChannelOption;
import io.netty.handler.ssl.util.InsecureTrustManagerFactory;
import io.weft.server.ConnectionHandler;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;

/** Whoever writes to a client of TLS is told that it has gone, however it went. */
class TlsFarewellTest {
    private static final int SMALL_BUFFER = 16 * 1024;
    private static final int PIECE = 64 * 1024;

    enum Way {
        CLOSE {
            @Override
            void leave(SSLSocket secure, Socket plain) throws IOException {
                secure.close();
            }
        },
        END_AND_CLOSE {
            @Override
            void leave(SSLSocket secure, Socket plain) throws IOException {
                secure.shutdownOutput();
                secure.close();
            }
        },
        END_AND_CLOSE_BENEATH {
            @Override
            void leave(SSLSocket secure, Socket plain) throws IOException {
                secure.shutdownOutput();
                plain.close();
            }
        },
        END_AND_RESET {
            @Override
            void leave(SSLSocket secure, Socket plain) throws IOException {
                secure.shutdownOutput();
                plain.setSoLinger(true, 0);
                plain.close();
            }
        },
        CLOSE_AND_LINGER_FOR_NOTHING {
            @Override
            void leave(SSLSocket secure, Socket plain) throws IOException {
                plain.setSoLinger(true, 0);
                secure.close();
            }
        },
        CLOSE_BENEATH {
            @Override
            void leave(SSLSocket secure, Socket plain) throws IOException {
                plain.close();
            }
        },
        RESET {
            @Override
            void leave(SSLSocket secure, Socket plain) throws IOException {
                plain.setSoLinger(true, 0);
                plain.close();
            }
        };

        abstract void leave(SSLSocket secure, Socket plain) throws IOException;
    }

    /** What the server does until it is told. */
    enum Work {
        FLUSHES {
            @Override
            void on(Connection connection) throws IOException {
                while (true) {
                    connection.write(new byte[PIECE]);
                    connection.flush();
                }
            }
        },
        WRITES {
            @Override
            void on(Connection connection) throws IOException {
                while (true) {
                    connection.write(new byte[PIECE]);
                }
            }
        },
        WRITES_LITTLE {
            @Override
            void on(Connection connection) throws IOException {
                while (true) {
                    connection.write(new byte[100]);
                    connection.flush();
                }
            }
        };

        abstract void on(Connection connection) throws IOException;
    }

    static List<Arguments> all() {
        var all = new ArrayList<Arguments>();
        for (String version : List.of("TLSv1.2", "TLSv1.3")) {
            for (Way way : Way.values()) {
                for (Work work : Work.values()) {
                    all.add(Arguments.of(version, way, work));
                }
            }
        }
        return all;
    }

    @ParameterizedTest
    @MethodSource("all")
    void writerIsTold(String version, Way way, Work work) throws Exception {
        var outcomes = new LinkedBlockingQueue<Throwable>();
        ConnectionHandler handler =
                connection -> {
                    connection.option(ChannelOption.SO_SNDBUF, SMALL_BUFFER);
                    try {
                        work.on(connection);
                    } catch (Throwable e) {
                        outcomes.add(e);
                    }
                };
        try (var host = new TlsHost(Certificates.localhost(Tls.server()).build(), handler)) {
            for (int bytes : new int[] {1, PIECE}) {
                var plain = new Socket();
                plain.setReceiveBufferSize(SMALL_BUFFER);
                plain.setSoTimeout((int) TlsHost.PATIENCE.toMillis());
                plain.connect(new InetSocketAddress("127.0.0.1", host.port()));
                SSLSocket secure = shakenHands(plain, version);
                secure.getInputStream().readNBytes(bytes);
                way.leave(secure, plain);
                assertThat(outcomes.poll(TlsHost.PATIENCE.toSeconds(), TimeUnit.SECONDS))
                        .isInstanceOf(DisconnectedException.class);
            }
        }
    }

    private static SSLSocket shakenHands(Socket plain, String version) throws Exception {
        var context = SSLContext.getInstance("TLS");
        context.init(null, InsecureTrustManagerFactory.INSTANCE.getTrustManagers(), null);
        var socket =
                (SSLSocket) context.getSocketFactory().createSocket(plain, "localhost", 1, true);
        socket.setEnabledProtocols(new String[] {version});
        socket.startHandshake();
        return socket;
    }
}
