package io.weft.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.weft.Timeout;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.EOFException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;

/** The forms of reading that take what has come. Those that look for a delimiter are elsewhere. */
class ReadTest {
    private Tether tether;
    private Connection connection;

    @BeforeEach
    void open() throws Exception {
        tether = new Tether();
        connection = tether.connection;
    }

    @AfterEach
    void close() throws Exception {
        tether.close();
    }

    @Test
    void intoAnArrayWhatWasThereBefore() throws Exception {
        tether.sendAndSettle("abcdef");
        var bytes = new byte[4];
        assertThat(tether.<Integer>call(() -> connection.read(bytes))).isEqualTo(4);
        assertThat(text(bytes, 4)).isEqualTo("abcd");
        assertThat(tether.<Integer>call(() -> connection.read(bytes))).isEqualTo(2);
        assertThat(text(bytes, 2)).isEqualTo("ef");
    }

    @Test
    void intoAPartOfAnArrayThatWaits() throws Exception {
        byte[] bytes = "0123456789".getBytes(StandardCharsets.UTF_8);
        var reader = tether.spawn(() -> connection.read(bytes, 2, 3));
        tether.awaitReader();
        tether.send("abcdef");

        assertThat(reader.get()).isEqualTo(3);
        assertThat(text(bytes, 10)).isEqualTo("01abc56789");
        assertThat(tether.call(() -> string(connection.read(10)))).isEqualTo("def");
    }

    @Test
    void exactlySoManyThatALimitCutsShortAreThereForTheNextRead() throws Exception {
        tether.sendAndSettle("abc");
        var reader =
                tether.spawn(
                        () ->
                                Timeout.callOr(
                                        Duration.ofMillis(1),
                                        null,
                                        () -> connection.readExactly(6)));
        assertThat(reader.get()).isNull();
        tether.send("def");
        assertThat(tether.call(() -> string(connection.readExactly(6)))).isEqualTo("abcdef");
    }

    @Test
    void ofNothingReturnsAtOnce() throws Exception {
        assertThat(tether.<Integer>call(() -> connection.read(new byte[0]))).isZero();
        assertThat(tether.<Integer>call(() -> connection.read(ByteBuffer.allocate(0)))).isZero();
        assertThat(tether.call(() -> connection.readExactly(0))).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void intoABuffer(boolean direct) throws Exception {
        var buffer = direct ? ByteBuffer.allocateDirect(6) : ByteBuffer.allocate(6);
        buffer.put((byte) '>').limit(5);
        tether.sendAndSettle("abcdef");

        assertThat(tether.<Integer>call(() -> connection.read(buffer))).isEqualTo(4);
        assertThat(buffer.position()).isEqualTo(5);
        assertThat(buffer.limit()).isEqualTo(5);
        assertThat(StandardCharsets.UTF_8.decode(buffer.flip()).toString()).isEqualTo(">abcd");
        assertThat(tether.call(() -> string(connection.read(9)))).isEqualTo("ef");
    }

    @Test
    void asANewArrayOfTheRightLength() throws Exception {
        var reader = tether.spawn(() -> string(connection.read(1_000_000)));
        tether.awaitReader();
        tether.send("abc");
        assertThat(reader.get()).isEqualTo("abc");

        tether.sendAndSettle("defg");
        assertThat(tether.call(() -> connection.read(3))).hasSize(3);
        assertThat(tether.call(() -> connection.read(3))).hasSize(1);
    }

    @Test
    void withoutACopy() throws Exception {
        tether.sendAndSettle("abcdef");
        tether.call(
                () -> {
                    var some = connection.receive(2);
                    var rest = connection.receive();
                    assertThat(some.toString(StandardCharsets.UTF_8)).isEqualTo("ab");
                    assertThat(rest.toString(StandardCharsets.UTF_8)).isEqualTo("cdef");
                    some.release();
                    rest.release();
                    assertThat(some.refCnt()).isZero(); // they may be parts of one
                    assertThat(rest.refCnt()).isZero();
                    return null;
                });
    }

    @Test
    void exactlySoMany() throws Exception {
        var reader = tether.spawn(() -> string(connection.readExactly(6)));
        tether.awaitReader();
        tether.send("abc");
        tether.call(() -> null);
        tether.send("defg");
        assertThat(reader.get()).isEqualTo("abcdef");
        assertThat(tether.call(() -> string(connection.readExactly(1)))).isEqualTo("g");
    }

    @Test
    void exactlyMoreThanComes() throws Exception {
        tether.send("abc");
        tether.peer.shutdownOutput();
        assertThatThrownBy(() -> tether.call(() -> connection.readExactly(5)))
                .isInstanceOf(EOFException.class)
                .hasMessageContaining("expected 5 bytes")
                .hasMessageContaining("ended after 3");
    }

    @Test
    void allFormsAtTheEnd() throws Exception {
        tether.send("x");
        tether.peer.shutdownOutput();
        assertThat(tether.call(() -> string(connection.read(9)))).isEqualTo("x");
        for (int i = 0; i < 2; i++) {
            assertThat(tether.<Integer>call(() -> connection.read(new byte[1]))).isEqualTo(-1);
            assertThat(tether.<Integer>call(() -> connection.read(ByteBuffer.allocate(1))))
                    .isEqualTo(-1);
            assertThat(tether.call(() -> connection.read(1))).isNull();
            assertThat(tether.call(() -> connection.receive())).isNull();
            assertThat(tether.<Integer>call(() -> connection.inputStream().read())).isEqualTo(-1);
        }
    }

    @Test
    void asAStream() throws Exception {
        var stream = connection.inputStream();
        tether.send("\u00e9, and so on");
        tether.peer.shutdownOutput();
        assertThat(tether.<Integer>call(stream::read)).isEqualTo(0xC3);
        assertThat(tether.<Integer>call(stream::read)).isEqualTo(0xA9);
        assertThat(tether.call(() -> string(stream.readAllBytes()))).isEqualTo(", and so on");
    }

    @Test
    void badArgumentsAreRefused() {
        assertThatThrownBy(() -> tether.call(() -> connection.read(0)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("at least one byte")
                .hasMessageContaining("0");
        assertThatThrownBy(() -> tether.call(() -> connection.receive(-1)))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> tether.call(() -> connection.read(new byte[3], 2, 2)))
                .isInstanceOf(IndexOutOfBoundsException.class);
        assertThatThrownBy(() -> connection.readExactly(new byte[3], -1, 2))
                .isInstanceOf(IndexOutOfBoundsException.class);
    }

    @Test
    void secondReaderIsRefusedAndTheFirstGoesOn() throws Exception {
        var first = tether.spawn(() -> string(connection.read(9)));
        tether.awaitReader();
        assertThatThrownBy(() -> tether.call(() -> connection.read(9)))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("two coroutines cannot read at once")
                .hasMessageContaining(connection.toString());
        tether.send("mine");
        assertThat(first.get()).isEqualTo("mine");
    }

    private static String string(byte[] bytes) {
        return text(bytes, bytes.length);
    }

    private static String text(byte[] bytes, int count) {
        return new String(Arrays.copyOf(bytes, count), StandardCharsets.UTF_8);
    }
}
