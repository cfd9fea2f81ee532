package io.weft.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.handler.codec.LineBasedFrameDecoder;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.net.ConnectException;
import java.net.InetSocketAddress;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/** Connecting as a client, to plain sockets of the JDK's. */
class ConnectTest {
    private final Caller caller = new Caller();

    @AfterEach
    void close() {
        caller.close();
    }

    @Test
    void aCodecIsThereBeforeTheFirstByte() throws Exception {
        try (var listener = Caller.listen();
                var client =
                        caller.loop.call(
                                () ->
                                        new Connector()
                                                .timeout(Caller.LONG)
                                                .codec(
                                                        made ->
                                                                made.codec(
                                                                        new LineBasedFrameDecoder(
                                                                                10)))
                                                .connect(listener.getLocalSocketAddress()));
                var peer = listener.accept()) {
            peer.getOutputStream().write("one\ntwo\n".getBytes(StandardCharsets.US_ASCII));

            assertThat(client.readExactly(6)).asString().isEqualTo("onetwo");
        }
    }

    // ---- what to connect to

    @Test
    void fromAPlainThread() throws Exception {
        try (var listener = Caller.listen()) {
            Caller.assertConnected(
                    Connection.connect("127.0.0.1:" + listener.getLocalPort(), Caller.LONG),
                    listener);
        }
    }

    @Test
    void localhost() throws Exception {
        try (var listener = Caller.listen()) {
            Caller.assertConnected(
                    caller.connect("localhost:" + listener.getLocalPort()), listener);
        }
    }

    /** A port alone is one of this machine. */
    @Test
    void portAlone() throws Exception {
        try (var listener = Caller.listen()) {
            caller.connect(":" + listener.getLocalPort()).close();
            listener.accept().close();
        }
    }

    @Test
    void addressThatIsResolvedAlready() throws Exception {
        try (var listener = Caller.listen()) {
            Caller.assertConnected(caller.connect(listener.getLocalSocketAddress()), listener);
        }
    }

    @Test
    void ipv6() throws Exception {
        try (var listener = Caller.listenOnSix()) {
            Caller.assertConnected(caller.connect("[::1]:" + listener.getLocalPort()), listener);
        }
    }

    /** Its addresses are tried one after the other, whichever comes first. */
    @Test
    void hostWithSeveralAddressesOneOfWhichAnswers() throws Exception {
        try (var dns = new FakeDns();
                var six = Caller.listenOnSix();
                var four = Caller.listen()) {
            dns.host("both.test", 127, 0, 0, 1)
                    .host("both.test", 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1);
            Caller.assertConnected(caller.connect("both.test:" + six.getLocalPort()), six);
            Caller.assertConnected(caller.connect("both.test:" + four.getLocalPort()), four);
        }
    }

    // ---- where to connect from

    @Test
    void localAddress() throws Exception {
        var own = new InetSocketAddress("127.0.0.1", 0);
        try (var listener = Caller.listen()) {
            var client =
                    caller.loop.call(
                            () ->
                                    new Connector()
                                            .localAddress(own)
                                            .connect(listener.getLocalSocketAddress()));
            assertThat(((InetSocketAddress) client.localAddress()).getAddress())
                    .isEqualTo(own.getAddress());
            Caller.assertConnected(client, listener);
        }
    }

    // ---- Unix sockets

    @Test
    void unixSocket(@TempDir Path directory) throws Exception {
        var address = UnixDomainSocketAddress.of(directory.resolve("socket"));
        try (var listener = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
            listener.bind(address);
            try (var client = caller.connect("unix:" + address.getPath());
                    var peer = listener.accept()) {
                peer.write(ByteBuffer.wrap(new byte[] {'!'}));
                assertThat(client.read(10)).asString().isEqualTo("!");
                assertThat(client.remoteAddress()).isEqualTo(address);
            }
        }
        assertThatThrownBy(() -> caller.connect(address))
                .isInstanceOf(ConnectException.class)
                .hasMessage("cannot connect to unix:" + address + ": Connection refused");
    }
}
