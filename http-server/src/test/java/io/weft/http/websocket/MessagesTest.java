package io.weft.http.websocket;

import static io.weft.http.websocket.Client.BINARY;
import static io.weft.http.websocket.Client.CONTINUATION;
import static io.weft.http.websocket.Client.FIN;
import static io.weft.http.websocket.Client.PING;
import static io.weft.http.websocket.Client.PONG;
import static io.weft.http.websocket.Client.TEXT;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Random;

/** What is sent comes back (RFC 6455 sections 5.2 to 5.6). */
class MessagesTest {
    private Host host;
    private Client client;

    @BeforeEach
    void open() throws Exception {
        host = new Host(EchoServer::echo);
        client = host.open();
    }

    @AfterEach
    void close() throws Exception {
        client.close();
        host.close();
    }

    @Test
    void helloOfTheRfcIsOfTheseBytes() throws Exception {
        client.raw( // section 5.7
                new byte[] {
                    (byte) 0x81,
                    (byte) 0x85,
                    0x37,
                    (byte) 0xfa,
                    0x21,
                    0x3d,
                    0x7f,
                    (byte) 0x9f,
                    0x4d,
                    0x51,
                    0x58
                });
        assertThat(client.socket.getInputStream().readNBytes(7))
                .containsExactly(0x81, 0x05, 0x48, 0x65, 0x6c, 0x6c, 0x6f);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 125, 126, 127, 65535, 65536, 1024 * 1024})
    void bytesOfAnyLength(int length) throws Exception {
        var bytes = new byte[length];
        new Random(length).nextBytes(bytes);
        client.binary(bytes);
        var frame = client.next();
        assertThat(frame.first()).isEqualTo(FIN | BINARY);
        assertThat(frame.payload()).isEqualTo(bytes);
    }

    @Test
    void textInAnyScript() throws Exception {
        String text = "\u0000 a \u00e9 \u4f60\u597d \ud83d\ude00";
        client.text(text);
        assertThat(client.nextText()).isEqualTo(text);
        client.text("");
        assertThat(client.nextText()).isEmpty();
    }

    @Test
    void severalInOneSegmentAndOneInSeveral() throws Exception {
        var bytes = new ByteArrayOutputStream();
        for (int i = 0; i < 200; i++) {
            bytes.write(
                    Client.masked(FIN | TEXT, ("message " + i).getBytes(StandardCharsets.UTF_8)));
        }
        client.raw(bytes.toByteArray());
        for (int i = 0; i < 200; i++) {
            assertThat(client.nextText()).isEqualTo("message " + i);
        }
        for (byte b : Client.masked(FIN | TEXT, new byte[] {'b', 'i', 't'})) {
            client.raw(new byte[] {b});
        }
        assertThat(client.nextText()).isEqualTo("bit");
    }

    @Test
    void fragmentsArePutTogether() throws Exception {
        client.frame(TEXT, utf8("one "));
        client.frame(CONTINUATION, utf8(""));
        client.frame(CONTINUATION, utf8("two "));
        client.frame(FIN | CONTINUATION, utf8("three"));
        assertThat(client.nextText()).isEqualTo("one two three");

        client.frame(BINARY, new byte[] {1});
        client.frame(FIN | CONTINUATION, new byte[] {2});
        assertThat(client.next().payload()).containsExactly(1, 2);
    }

    @Test
    void characterMayBeSplitBetweenFragments() throws Exception {
        byte[] smile = utf8("\ud83d\ude00");
        client.frame(TEXT, new byte[] {smile[0], smile[1]});
        client.frame(CONTINUATION, new byte[] {smile[2]});
        client.frame(FIN | CONTINUATION, new byte[] {smile[3]});
        assertThat(client.nextText()).isEqualTo("\ud83d\ude00");
    }

    @Test
    void pingIsAnsweredAmidAMessage() throws Exception {
        client.frame(TEXT, utf8("one "));
        client.frame(FIN | PING, utf8("there?"));
        var pong = client.next();
        assertThat(pong.first()).isEqualTo(FIN | PONG);
        assertThat(pong.text()).isEqualTo("there?");
        client.frame(FIN | CONTINUATION, utf8("two"));
        assertThat(client.nextText()).isEqualTo("one two");
    }

    @Test
    void pongThatNobodyAskedForIsIgnored() throws Exception {
        client.frame(FIN | PONG, utf8("nobody asked"));
        client.text("x");
        assertThat(client.nextText()).isEqualTo("x");
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
