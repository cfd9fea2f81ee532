package io.weft.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.weft.Weft;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketTimeoutException;
import java.time.Duration;

/** A name server that has not heard the question. The JDK remembers names, so each is used once. */
class LostQuestionTest {
    private static final Duration LONG = Duration.ofSeconds(30);

    private FakeDns dns;

    @BeforeEach
    void open() throws IOException {
        dns = new FakeDns();
    }

    @AfterEach
    void close() {
        dns.close();
    }

    /** There is one server. What is lost may be about both families, or about one. */
    @Test
    void isAskedAgain() throws Exception {
        dns.host("again.test", 127, 0, 0, 9).lose(2);
        assertThat(Weft.run(() -> InetAddress.getByName("again.test").getHostAddress()))
                .isEqualTo("127.0.0.9");
    }

    @Test
    void isAskedAgainForConnections() throws Exception {
        dns.host("connect.test", 127, 0, 0, 1).lose(1);
        try (var listener = Caller.listen()) {
            var address =
                    InetSocketAddress.createUnresolved("connect.test", listener.getLocalPort());
            Weft.run(() -> Caller.assertConnected(Connection.connect(address, LONG), listener));
        }
    }

    /** Nobody has said that there is no such host, so nobody remembers it. */
    @Test
    void silentServerDoesNotMakeAnUnknownHost() throws Exception {
        dns.host("silent.test", 127, 0, 0, 9).lose(Integer.MAX_VALUE);
        Weft.run(
                () -> {
                    var address = InetSocketAddress.createUnresolved("silent.test", 1);
                    var connecting = Weft.spawn(() -> new Connector().connect(address));
                    var reverse =
                            Weft.spawn(
                                    () ->
                                            InetAddress.ofLiteral("127.7.7.7")
                                                    .getCanonicalHostName());
                    assertThatThrownBy(() -> InetAddress.getByName("silent.test"))
                            .isInstanceOf(SocketTimeoutException.class)
                            .hasMessageStartingWith(
                                    "no name server answers for 'silent.test': asked 3 times, for"
                                            + " ");
                    assertThatThrownBy(connecting::get)
                            .hasCauseInstanceOf(SocketTimeoutException.class);
                    assertThat(reverse.get()).isEqualTo("127.7.7.7");

                    dns.lose(0);
                    assertThat(InetAddress.getByName("silent.test").getHostAddress())
                            .isEqualTo("127.0.0.9");
                });
    }
}
