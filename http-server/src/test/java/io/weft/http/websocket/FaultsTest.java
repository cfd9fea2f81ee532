package io.weft.http.websocket;

import static io.weft.http.websocket.Client.BINARY;
import static io.weft.http.websocket.Client.CLOSE;
import static io.weft.http.websocket.Client.CONTINUATION;
import static io.weft.http.websocket.Client.FIN;
import static io.weft.http.websocket.Client.PING;
import static io.weft.http.websocket.Client.RSV1;
import static io.weft.http.websocket.Client.TEXT;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;

/** What breaks the rules is answered by the code that says so, and nothing after it is read. */
class FaultsTest {
    private static final int MOST = 100_000;

    private final BlockingQueue<Integer> codes = new ArrayBlockingQueue<>(1);
    private Host host;
    private Client client;

    @BeforeEach
    void open() throws Exception {
        host =
                new Host(
                        WebSocketSettings.DEFAULT.messageSize(MOST),
                        socket -> {
                            EchoServer.echo(socket);
                            codes.add(socket.closeCode());
                        });
        client = host.open();
    }

    @AfterEach
    void close() throws Exception {
        client.close();
        host.close();
    }

    private void assertSentAway(int code) throws Exception {
        assertThat(client.nextClose()).isEqualTo(code);
        assertThat(client.isAtTheEnd()).isTrue();
        assertThat(codes.poll(30, TimeUnit.SECONDS)).isEqualTo(code);
    }

    @Test
    void messageOfTheLargestSizeIsFine() throws Exception {
        client.binary(new byte[MOST]);
        assertThat(client.next().payload()).hasSize(MOST);
        client.frame(BINARY, new byte[MOST - 1]);
        client.frame(FIN | CONTINUATION, new byte[1]);
        assertThat(client.next().payload()).hasSize(MOST);
    }

    @Test
    void frameThatIsTooLargeIsRefusedByItsHead() throws Exception {
        client.raw(
                new byte[] {(byte) 0x82, (byte) 0xff, 0, 0, 0, 0, 0, 1, (byte) 0x86, (byte) 0xa1});
        assertSentAway(1009);
    }

    @Test
    void fragmentsThatAreTooMuchTogetherAreRefused() throws Exception {
        client.frame(BINARY, new byte[MOST]);
        client.frame(CONTINUATION, new byte[1]);
        assertSentAway(1009);
    }

    @Test
    void textThatIsNotUtf8IsRefused() throws Exception {
        client.frame(FIN | TEXT, new byte[] {'a', (byte) 0xff});
        assertSentAway(1007);
    }

    @Test
    void textThatEndsAmidACharacterIsRefused() throws Exception {
        client.frame(FIN | TEXT, new byte[] {(byte) 0xe4, (byte) 0xbd});
        assertSentAway(1007);
    }

    @Test
    void textThatIsNotUtf8IsRefusedBeforeItsLastFragment() throws Exception {
        client.frame(TEXT, new byte[] {'a', (byte) 0xed, (byte) 0xa0}); // half a surrogate pair
        assertSentAway(1007);
    }

    @Test
    void textThatIsNotUtf8IsRefusedBeforeItsFrameIsWhole() throws Exception {
        byte[] good = Client.masked(FIN | TEXT, new byte[70_000]); // NULs are UTF-8
        for (int i = 0; i < 100; i++) {
            client.raw(new byte[] {good[i]});
        }
        byte[] bad = Client.masked(FIN | TEXT, filled(70_000, (byte) 0xff));
        client.raw(java.util.Arrays.copyOfRange(bad, 100, 101));
        assertSentAway(1007);
    }

    @Test
    void textThatIsSlowInComingIsFine() throws Exception {
        String text = "\u00e9\u4f60\ud83d\ude00".repeat(100);
        byte[] bytes = text.getBytes(java.nio.charset.StandardCharsets.UTF_8);
        for (int i = 0; i < 2; i++) {
            for (byte b : Client.masked(FIN | TEXT, bytes)) {
                client.raw(new byte[] {b});
            }
            assertThat(client.nextText()).isEqualTo(text);
            client.frame(FIN | PING, new byte[] {1});
            assertThat(client.next().opcode()).isEqualTo(Client.PONG);
        }
    }

    private static byte[] filled(int length, byte value) {
        var bytes = new byte[length];
        java.util.Arrays.fill(bytes, value);
        return bytes;
    }

    @Test
    void closeReasonThatIsNotUtf8IsRefused() throws Exception {
        client.frame(FIN | CLOSE, new byte[] {3, (byte) 0xe8, (byte) 0xff});
        assertSentAway(1007);
    }

    @Test
    void unmaskedFrameIsRefused() throws Exception {
        client.raw(new byte[] {(byte) 0x81, 1, 'x'});
        assertSentAway(1002);
    }

    @ParameterizedTest
    @ValueSource(ints = {3, 7, 11, 15})
    void unknownOpcodeIsRefused(int opcode) throws Exception {
        client.frame(FIN | opcode, new byte[0]);
        assertSentAway(1002);
    }

    @ParameterizedTest
    @ValueSource(ints = {0x40, 0x20, 0x10})
    void reservedBitIsRefused(int bit) throws Exception {
        client.frame(FIN | bit | TEXT, new byte[] {'x'});
        assertSentAway(1002);
    }

    @Test
    void continuationOfNothingIsRefused() throws Exception {
        client.frame(FIN | CONTINUATION, new byte[] {'x'});
        assertSentAway(1002);
    }

    @Test
    void messageAmidAnotherIsRefused() throws Exception {
        client.frame(TEXT, new byte[] {'x'});
        client.frame(FIN | TEXT, new byte[] {'y'});
        assertSentAway(1002);
    }

    @Test
    void fragmentedPingIsRefused() throws Exception {
        client.frame(PING, new byte[0]);
        assertSentAway(1002);
    }

    @Test
    void pingThatIsTooLongIsRefused() throws Exception {
        client.frame(FIN | PING, new byte[126]);
        assertSentAway(1002);
    }

    @Test
    void closeWithHalfACodeIsRefused() throws Exception {
        client.frame(FIN | CLOSE, new byte[] {3});
        assertSentAway(1002);
    }

    @Test
    void closeReasonThatEndsAmidACharacterIsRefused() throws Exception {
        client.frame(FIN | CLOSE, new byte[] {3, (byte) 0xe8, 'x', (byte) 0xc3});
        assertSentAway(1007);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 999, 1004, 1005, 1006, 1015, 2999, 5000, 65535})
    void closeCodeThatMayNotBeSentIsRefused(int code) throws Exception {
        client.close(code, "");
        assertSentAway(1002);
    }

    @Test
    void whatCameBeforeTheFaultIsAnswered() throws Exception {
        var bytes = new java.io.ByteArrayOutputStream();
        bytes.write(Client.masked(FIN | TEXT, new byte[] {'x'}));
        bytes.write(Client.masked(FIN | RSV1 | TEXT, new byte[] {'y'}));
        bytes.write(Client.masked(FIN | PING, new byte[0]));
        client.raw(bytes.toByteArray());
        assertThat(client.nextText()).isEqualTo("x");
        assertSentAway(1002);
    }
}
