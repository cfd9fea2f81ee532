package io.weft.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.buffer.Unpooled;
import io.weft.LoopGroup;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.FutureTask;

/** A connection used by threads that are not its loop's: each call is passed on and waited for. */
class ForeignThreadTest {
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
    void plainThreadReadsAndWritesInAllForms() throws Exception {
        connection.write("a ");
        connection.write(new byte[] {'b', ' '}, 0, 2);
        connection.write(ByteBuffer.wrap(new byte[] {'c', ' '}));
        connection.write(Unpooled.copiedBuffer("d", StandardCharsets.UTF_8));
        connection.flush();
        assertThat(tether.received(7)).isEqualTo("a b c d");

        tether.send("line\n12345678");
        assertThat(connection.readLine(9)).isEqualTo("line");
        assertThat(connection.readExactly(2)).asString(StandardCharsets.UTF_8).isEqualTo("12");
        assertThat(connection.read(2)).asString(StandardCharsets.UTF_8).isEqualTo("34");
        var bytes = new byte[2];
        assertThat(connection.read(bytes)).isEqualTo(2);
        assertThat(bytes).asString(StandardCharsets.UTF_8).isEqualTo("56");
        assertThat(connection.read(ByteBuffer.wrap(bytes))).isEqualTo(2);
        assertThat(bytes).asString(StandardCharsets.UTF_8).isEqualTo("78");

        connection.shutdownOutput();
        assertThat(tether.receivedToTheEnd()).isEmpty();
        tether.peer.close();
        assertThat(connection.receive()).isNull();
        connection.close();
        assertThatThrownBy(() -> connection.read(1))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("closed");
    }

    @Test
    void coroutineOfAnotherLoop() throws Exception {
        try (var other = LoopGroup.create(1)) {
            var echo =
                    other.spawn(
                            () -> {
                                for (byte[] data; (data = connection.read(99)) != null; ) {
                                    connection.write(data);
                                }
                                connection.shutdownOutput();
                                return null;
                            });
            tether.send("there and back");
            assertThat(tether.received(14)).isEqualTo("there and back");
            tether.peer.shutdownOutput();
            assertThat(tether.receivedToTheEnd()).isEmpty();
            echo.get();
        }
    }

    /** The wait ends on the loop as well: nobody is left who would take the next bytes. */
    @Test
    void interruptedThreadLeavesNoReaderBehind() throws Exception {
        var failure =
                new FutureTask<>(
                        () -> {
                            try {
                                return connection.read(1);
                            } catch (InterruptedIOException e) {
                                return e;
                            }
                        });
        Thread reader = Thread.ofPlatform().start(failure);
        tether.awaitReader();
        reader.interrupt();
        assertThat(failure.get()).isInstanceOf(InterruptedIOException.class);
        assertThat(reader.join(Duration.ofSeconds(30))).isTrue();
        tether.send("x");
        assertThat(connection.read(9)).hasSize(1);
    }

    @Test
    void secondReaderIsRefused() throws Exception {
        var first = tether.spawn(() -> connection.read(9));
        tether.awaitReader();
        assertThatThrownBy(() -> connection.read(9))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("two coroutines cannot read at once");
        tether.send("x");
        assertThat(first.get()).hasSize(1);
    }

    @Test
    void closeReachesAWaitingReader() throws Exception {
        var reader = tether.spawn(() -> connection.read(9));
        tether.awaitReader();
        connection.close();
        assertThatThrownBy(reader::get).hasRootCauseMessage(connection + " is closed");
        assertThatThrownBy(() -> tether.call(() -> connection.read(1)))
                .isInstanceOf(IOException.class);
    }
}
