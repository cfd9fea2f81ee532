package io.weft.http.websocket;

import static io.weft.http.websocket.Client.CONTINUATION;
import static io.weft.http.websocket.Client.FIN;
import static io.weft.http.websocket.Client.PING;
import static io.weft.http.websocket.Client.RSV1;
import static io.weft.http.websocket.Client.RSV2;
import static io.weft.http.websocket.Client.TEXT;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.zip.DataFormatException;
import java.util.zip.Deflater;
import java.util.zip.Inflater;

/** permessage-deflate (RFC 7692). */
class CompressionTest {
    private static final String OFFER = "Sec-WebSocket-Extensions: permessage-deflate";
    private static final String AGREED =
            "permessage-deflate; server_no_context_takeover; client_no_context_takeover";
    private static final WebSocketSettings SETTINGS = WebSocketSettings.DEFAULT.compression(true);
    private static final int MOST = 100_000;

    private final Deflater deflater = new Deflater(Deflater.BEST_COMPRESSION, true);
    private final Inflater inflater = new Inflater(true);
    private Host host;

    @BeforeEach
    void open() throws Exception {
        host = new Host(SETTINGS.messageSize(MOST), EchoServer::echo);
    }

    @AfterEach
    void close() {
        host.close();
        deflater.end();
        inflater.end();
    }

    /** Section 7.2.1: a sync flush, without its last four bytes; each on its own. */
    private byte[] deflated(byte[] bytes) {
        deflater.reset();
        deflater.setInput(bytes);
        var out = new byte[bytes.length + 100];
        int n = deflater.deflate(out, 0, out.length, Deflater.SYNC_FLUSH);
        return Arrays.copyOf(out, n - 4);
    }

    /** Section 7.2.2. */
    private byte[] inflated(byte[] bytes) throws DataFormatException {
        byte[] in = Arrays.copyOf(bytes, bytes.length + 4);
        in[in.length - 1] = in[in.length - 2] = (byte) 0xff;
        inflater.reset();
        inflater.setInput(in);
        var out = new byte[1_000_000];
        return Arrays.copyOf(out, inflater.inflate(out));
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    @Test
    void isAgreedOnAndUsedBothWays() throws Exception {
        try (var client = host.connect()) {
            assertThat(client.handshake(OFFER))
                    .containsIgnoringCase("sec-websocket-extensions: " + AGREED + "\r\n");
            byte[] text = utf8("again and ".repeat(1000));
            for (int i = 0; i < 3; i++) { // none of them refers to another
                client.frame(FIN | RSV1 | TEXT, deflated(text));
                var frame = client.next();
                assertThat(frame.first()).isEqualTo(FIN | RSV1 | TEXT);
                assertThat(frame.payload()).hasSizeLessThan(text.length / 10);
                assertThat(inflated(frame.payload())).isEqualTo(text);
            }
        }
    }

    @Test
    void exampleOfTheRfcIsUnderstood() throws Exception {
        try (var client = host.open(OFFER)) {
            client.frame( // section 7.2.3.1
                    FIN | RSV1 | TEXT,
                    new byte[] {(byte) 0xf2, 0x48, (byte) 0xcd, (byte) 0xc9, (byte) 0xc9, 0x07, 0});
            assertThat(client.nextText()).isEqualTo("Hello"); // too short to be worth it
        }
    }

    @Test
    void fragmentsAreInflatedTogether() throws Exception {
        try (var client = host.open(OFFER)) {
            byte[] whole = deflated(utf8("in three parts"));
            client.frame(RSV1 | TEXT, Arrays.copyOf(whole, 3));
            client.frame(FIN | PING, new byte[0]);
            assertThat(client.next().opcode()).isEqualTo(Client.PONG);
            client.frame(CONTINUATION, Arrays.copyOfRange(whole, 3, 4));
            client.frame(FIN | CONTINUATION, Arrays.copyOfRange(whole, 4, whole.length));
            assertThat(client.nextText()).isEqualTo("in three parts");
        }
    }

    @Test
    void messagesMayComeUncompressed() throws Exception {
        try (var client = host.open(OFFER)) {
            client.text("plain");
            assertThat(client.nextText()).isEqualTo("plain");
        }
    }

    @Test
    void emptyMessageIsEmpty() throws Exception {
        try (var client = host.open(OFFER)) {
            client.frame(FIN | RSV1 | TEXT, new byte[] {0});
            assertThat(client.nextText()).isEmpty();
        }
    }

    @Test
    void bombIsRefused() throws Exception {
        try (var client = host.open(OFFER)) {
            byte[] bomb = deflated(new byte[50 * MOST]);
            assertThat(bomb).hasSizeLessThan(MOST / 10);
            client.frame(FIN | RSV1 | TEXT, bomb);
            assertThat(client.nextClose()).isEqualTo(1009);
            assertThat(client.isAtTheEnd()).isTrue();
        }
    }

    @Test
    void bombInFragmentsIsRefused() throws Exception {
        try (var client = host.open(OFFER)) {
            byte[] bomb = deflated(new byte[2 * MOST]);
            for (int i = 0; i < bomb.length; i++) {
                client.frame(
                        (i == 0 ? RSV1 | Client.BINARY : CONTINUATION)
                                | (i == bomb.length - 1 ? FIN : 0),
                        new byte[] {bomb[i]});
            }
            assertThat(client.nextClose()).isEqualTo(1009);
        }
    }

    @Test
    void messageOfTheLargestSizeIsFine() throws Exception {
        try (var client = host.open(OFFER)) {
            client.frame(FIN | RSV1 | Client.BINARY, deflated(new byte[MOST]));
            assertThat(inflated(client.next().payload())).hasSize(MOST);
            client.frame(FIN | RSV1 | Client.BINARY, deflated(new byte[MOST + 1]));
            assertThat(client.nextClose()).isEqualTo(1009);
        }
    }

    @Test
    void whatDoesNotInflateIsRefused() throws Exception {
        try (var client = host.open(OFFER)) {
            client.frame(FIN | RSV1 | TEXT, new byte[] {(byte) 0xff, 1, 2, 3});
            assertThat(client.nextClose()).isEqualTo(1007);
        }
    }

    @Test
    void whatInflatesToNoUtf8IsRefused() throws Exception {
        try (var client = host.open(OFFER)) {
            client.frame(FIN | RSV1 | TEXT, deflated(new byte[] {(byte) 0xff}));
            assertThat(client.nextClose()).isEqualTo(1007);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {FIN | RSV2 | TEXT, FIN | RSV1 | RSV2 | TEXT, FIN | RSV1 | PING})
    void otherReservedBitsAreRefused(int first) throws Exception {
        try (var client = host.open(OFFER)) {
            client.frame(first, new byte[] {0});
            assertThat(client.nextClose()).isEqualTo(1002);
        }
    }

    @Test
    void bitOfCompressionAmidAMessageIsRefused() throws Exception {
        try (var client = host.open(OFFER)) {
            byte[] whole = deflated(utf8("in two parts"));
            client.frame(RSV1 | TEXT, Arrays.copyOf(whole, 3));
            client.frame(FIN | RSV1 | CONTINUATION, Arrays.copyOfRange(whole, 3, whole.length));
            assertThat(client.nextClose()).isEqualTo(1002);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "permessage-deflate; client_max_window_bits",
                "permessage-deflate; client_max_window_bits=8",
                "permessage-deflate; client_max_window_bits=\"15\"",
                "permessage-deflate; server_no_context_takeover",
                "permessage-deflate; server_no_context_takeover; client_no_context_takeover",
                "Permessage-Deflate;Client_Max_Window_Bits",
                "x-other, permessage-deflate",
                "x-other; a=\"b, permessage-deflate; c\", permessage-deflate",
                "permessage-deflate; unheard_of, permessage-deflate",
                "permessage-deflate; server_max_window_bits=9, permessage-deflate"
            })
    void firstOfferThatCanBeMetIsTaken(String offer) throws Exception {
        assertAgreed(offer, AGREED);
    }

    /** Section 7.1.2.1: such a parameter is accepted by being repeated. */
    @Test
    void windowThatTheClientHasAskedForIsConfirmed() throws Exception {
        assertAgreed(
                "permessage-deflate; server_max_window_bits=15",
                AGREED + "; server_max_window_bits=15");
    }

    private void assertAgreed(String offer, String answer) throws Exception {
        try (var client = host.connect()) {
            assertThat(client.handshake("Sec-WebSocket-Extensions: " + offer))
                    .containsIgnoringCase("sec-websocket-extensions: " + answer + "\r\n");
            client.frame(FIN | RSV1 | TEXT, deflated(utf8("x")));
            assertThat(client.nextText()).isEqualTo("x");
        }
    }

    /** Section 7.2.3.4, and what follows it in the next message. */
    @Test
    void lastBlockOfDeflateMayBeMarkedAsSuch() throws Exception {
        try (var client = host.open(OFFER)) {
            for (int i = 0; i < 3; i++) {
                client.frame(
                        FIN | RSV1 | TEXT,
                        new byte[] {
                            (byte) 0xf3, 0x48, (byte) 0xcd, (byte) 0xc9, (byte) 0xc9, 0x07, 0, 0
                        });
                assertThat(client.nextText()).isEqualTo("Hello");
            }
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "x-webkit-deflate-frame",
                "permessage-deflate; unheard_of",
                "permessage-deflate; server_max_window_bits=9",
                "permessage-deflate; client_max_window_bits=x",
                "permessage-deflate; client_max_window_bits=99",
                "permessage-deflate; client_max_window_bits=09",
                "permessage-deflate; client_max_window_bits=7",
                "permessage-deflate; client_max_window_bits=",
                "permessage-deflate; server_max_window_bits",
                "permessage-deflate; server_max_window_bits=16",
                "permessage-deflate; server_no_context_takeover=1",
                "permessage-deflate; client_no_context_takeover=\"\"",
                "permessage-deflate; server_no_context_takeover; server_no_context_takeover",
                "permessage-deflate; client_max_window_bits; client_max_window_bits=10",
                "permessage-deflate;",
                "\"permessage-deflate\"",
                ", ;;="
            })
    void offerThatCannotBeMetIsPassedOver(String offer) throws Exception {
        try (var client = host.connect()) {
            assertThat(client.handshake("Sec-WebSocket-Extensions: " + offer))
                    .startsWith("HTTP/1.1 101 ")
                    .doesNotContainIgnoringCase("sec-websocket-extensions");
            client.frame(FIN | RSV1 | TEXT, deflated(utf8("x")));
            assertThat(client.nextClose()).isEqualTo(1002);
        }
    }

    @Test
    void isNotAgreedOnUnlessAskedFor() throws Exception {
        try (var other = new Host(EchoServer::echo);
                var client = other.connect()) {
            assertThat(client.handshake(OFFER))
                    .doesNotContainIgnoringCase("sec-websocket-extensions");
        }
    }
}
