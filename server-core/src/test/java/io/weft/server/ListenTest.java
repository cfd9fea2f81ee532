package io.weft.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.netty.channel.ChannelOption;
import io.weft.LoopGroup;
import io.weft.net.Addresses;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.io.IOException;
import java.net.BindException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.ArrayList;

/** The forms of a listener's address; those of Unix sockets are in {@link UnixListenTest}. */
class ListenTest {
    private final LoopGroup group = LoopGroup.create(2);

    @AfterEach
    void end() {
        group.close();
    }

    @ParameterizedTest
    @CsvSource({
        "127.0.0.1:0, 127.0.0.1:",
        "localhost:0, 127.0.0.1:",
        "'0.0.0.0:0', 0.0.0.0:",
        "':0', 0.0.0.0:",
        "0, 0.0.0.0:"
    })
    void hostAndPort(String form, String shown) throws Exception {
        try (var server = bind(form)) {
            int port = Served.port(server);
            assertThat(port).isPositive();
            assertThat(Addresses.format(server.address())).isEqualTo(shown + port);
            assertEchoes(Served.connect(port));
        }
    }

    @ParameterizedTest
    @CsvSource({"'%d'", "':%d'", "127.0.0.1:%d"})
    void portThatIsNamedIsTheOneListenedOn(String form) throws Exception {
        try (var probe = free();
                var server = bind(form.formatted(probe.getLocalPort()))) {
            assertThat(Served.port(server)).isEqualTo(probe.getLocalPort());
            assertEchoes(Served.connect(probe.getLocalPort()));
        }
    }

    @Test
    void ipv6InBrackets() throws Exception {
        assumeTrue(hasIpv6(), "there is no ::1 here");
        try (var server = bind("[::1]:0")) {
            int port = Served.port(server);
            assertThat(Addresses.format(server.address())).isEqualTo("[::1]:" + port);
            assertEchoes(new Socket("::1", port));
        }
    }

    @Test
    void severalListenersOfOneServer() throws Exception {
        try (var server =
                StreamServer.builder(Served::echo)
                        .listen("127.0.0.1:0")
                        .listen("127.0.0.1:0")
                        .listen("localhost:0")
                        .group(group)
                        .bind()) {
            assertThat(server.addresses()).hasSize(3).doesNotHaveDuplicates();
            assertThat(server.address()).isEqualTo(server.addresses().getFirst());
            for (var address : server.addresses()) {
                assertEchoes(Served.connect(((InetSocketAddress) address).getPort()));
            }
        }
    }

    @Test
    void portInUse() throws Exception {
        try (var server = bind("127.0.0.1:0")) {
            String address = Addresses.format(server.address());
            assertThatThrownBy(() -> bind(address))
                    .isInstanceOf(BindException.class)
                    .hasMessage("cannot listen on " + address + ": address already in use");
            assertEchoes(Served.connect(Served.port(server)));
        }
    }

    @Test
    void whoFailsToListenOnOneAddressListensOnNone() throws Exception {
        try (var probe = free();
                var other = bind("127.0.0.1:0")) {
            var builder =
                    StreamServer.builder(Served::echo)
                            .listen("127.0.0.1:" + probe.getLocalPort())
                            .listen(other.address());
            assertThatThrownBy(builder::bind).isInstanceOf(BindException.class);
            assertRefused(probe.getLocalPort());
        }
    }

    @Test
    void foreignAddress() {
        assertThatThrownBy(() -> bind("192.0.2.1:0")) // RFC 5737: for documentation
                .isInstanceOf(BindException.class)
                .hasMessage("cannot listen on 192.0.2.1:0: this machine has no such address");
    }

    @Test
    void portOfAStoppedServerIsFreeAtOnce() throws Exception {
        var sockets = new ArrayList<Socket>();
        try (var first = bind("127.0.0.1:0")) {
            int port = Served.port(first);
            for (int i = 0; i < 10; i++) {
                sockets.add(Served.connect(port));
                Served.ask(sockets.getLast(), "hello");
            }
            first.stop(Served.MOMENT);
            assertRefused(port);
            try (var second = bind("127.0.0.1:" + port)) {
                assertEchoes(Served.connect(Served.port(second)));
            }
        }
        for (var socket : sockets) {
            socket.close();
        }
    }

    @Test
    void unknownOptionIsRefused() throws Exception {
        var builder =
                StreamServer.builder(Served::echo)
                        .listen("127.0.0.1:0")
                        .option(ChannelOption.TCP_NODELAY, true) // which listeners do not have
                        .group(group);
        assertThatThrownBy(builder::bind)
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("TCP_NODELAY is not an option of ");
    }

    @Test
    void serverNeedsAnAddress() {
        assertThatThrownBy(StreamServer.builder(Served::echo)::bind)
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("a server needs an address to listen on");
    }

    @Test
    void unreadableAddressIsAnsweredWithTheForms() {
        assertThatThrownBy(() -> StreamServer.bind("localhost:99999", Served::echo))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("'localhost:99999' is no address")
                .hasMessageContaining("forms: host:port, [v6]:port, :port, port, unix:/path");
    }

    @Test
    void serverShowsWhereItListens() throws Exception {
        try (var server = bind("127.0.0.1:0")) {
            assertThat(server)
                    .hasToString(
                            "server on [127.0.0.1:" + Served.port(server) + "], 0 connections");
        }
    }

    private StreamServer bind(String address) throws IOException {
        return StreamServer.builder(Served::echo).listen(address).group(group).bind();
    }

    /** Has a port that nobody else is given meanwhile, but who asks for it may listen on. */
    private static Socket free() throws IOException {
        var socket = new Socket();
        socket.setReuseAddress(true);
        socket.bind(new InetSocketAddress(0));
        return socket;
    }

    private static void assertEchoes(Socket socket) throws IOException {
        try (socket) {
            assertThat(Served.ask(socket, "hello")).isEqualTo("hello");
        }
    }

    private static void assertRefused(int port) {
        assertThatThrownBy(() -> Served.connect(port)).isInstanceOf(ConnectException.class);
    }

    private static boolean hasIpv6() {
        try (var _ = new ServerSocket(0, 1, InetAddress.getByName("::1"))) {
            return true;
        } catch (IOException e) {
            return false;
        }
    }
}
