package io.weft.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelOption;
import io.netty.channel.DefaultFileRegion;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/** The forms of writing, and that they keep their order whatever their form. */
class WriteTest {
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
    void allFormsInOrder(@TempDir Path directory) throws Exception {
        Path file = Files.writeString(directory.resolve("file"), "0123456789");
        var heap = ByteBuffer.wrap(bytes("_heap_"), 1, 4);
        var direct = ByteBuffer.allocateDirect(6).put(bytes("direct")).flip();
        var buffer = Unpooled.copiedBuffer("buffer", StandardCharsets.UTF_8);
        var region = new DefaultFileRegion(file.toFile(), 2, 3);
        tether.call(
                () -> {
                    connection.write(bytes("array "));
                    connection.write(bytes("a part of one"), 2, 4);
                    connection.write(" text \u00e9 ");
                    connection.write(heap);
                    connection.write(" ");
                    connection.write(direct);
                    connection.write(" ");
                    connection.write(buffer);
                    connection.write(" ");
                    connection.write(region);
                    connection.writeFile(file, 8, 2);
                    connection.outputStream().write('.');
                    connection.outputStream().write(bytes(" stream"));
                    connection.shutdownOutput();
                    return null;
                });
        assertThat(tether.receivedToTheEnd())
                .isEqualTo("array part text \u00e9 heap direct buffer 23489. stream");
        assertThat(heap.remaining()).isZero();
        assertThat(direct.remaining()).isZero();
        assertThat(buffer.refCnt()).isZero();
        assertThat(region.refCnt()).isZero();
    }

    /** The array may be used again at once, even before anything has gone out. */
    @Test
    void arrayIsFreeAfterTheWrite() throws Exception {
        byte[] bytes = bytes("first ");
        tether.call(
                () -> {
                    connection.write(bytes);
                    System.arraycopy(bytes("second"), 0, bytes, 0, 6);
                    connection.write(bytes);
                    connection.shutdownOutput();
                    return null;
                });
        assertThat(tether.receivedToTheEnd()).isEqualTo("first second");
    }

    @Test
    void goesOutWhenTheCoroutineBlocks() throws Exception {
        var asker =
                tether.spawn(
                        () -> {
                            connection.write("question");
                            return connection.readLine(99);
                        });
        assertThat(tether.received(8)).isEqualTo("question");
        tether.send("answer\n");
        assertThat(asker.get()).isEqualTo("answer");
    }

    @Test
    void manySmallOnesAndALargeOne() throws Exception {
        var pattern = new Pattern(7);
        int small = 10_000;
        int large = 300_000;
        var writer =
                tether.spawn(
                        () -> {
                            var bytes = new byte[large];
                            for (int i = 0; i < small; i++) {
                                pattern.fill(bytes, 0, 1, i);
                                connection.write(bytes, 0, 1);
                            }
                            pattern.fill(bytes, 0, large, small);
                            connection.write(bytes);
                            connection.flush();
                            return null;
                        });
        byte[] received = tether.peer.getInputStream().readNBytes(small + large);
        writer.get();
        assertThat(received).hasSize(small + large);
        pattern.check(received, received.length, 0);
    }

    @Test
    void flushWaitsUntilTheKernelHasAll() throws Exception {
        tether.call(
                () -> {
                    connection.write("x".repeat(10_000));
                    connection.flush();
                    assertThat(connection.channel().unsafe().outboundBuffer().size()).isZero();
                    connection.flush(); // of nothing
                    return null;
                });
        assertThat(tether.received(10_000)).hasSize(10_000);
    }

    @Test
    void afterTheEndOfTheOutputIsRefused() throws Exception {
        tether.call(
                () -> {
                    connection.write("all");
                    connection.shutdownOutput();
                    return null;
                });
        assertThatThrownBy(() -> tether.call(() -> write("more")))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("was shut down before this write");
        var buffer = Unpooled.copiedBuffer("buffer", StandardCharsets.UTF_8);
        assertThatThrownBy(
                        () ->
                                tether.call(
                                        () -> {
                                            connection.write(buffer);
                                            return null;
                                        }))
                .isInstanceOf(IOException.class);
        assertThat(buffer.refCnt()).isZero();
        assertThat(tether.receivedToTheEnd()).isEqualTo("all");
    }

    @Test
    void secondWriterThatHasToWaitIsRefused() throws Exception {
        var pattern = new Pattern(1);
        var first =
                tether.spawn(
                        () -> {
                            pattern.write(connection, 4_000_000, 1);
                            return null;
                        });
        await().atMost(Tether.PATIENCE)
                .during(Tether.SETTLED)
                .until(() -> tether.call(() -> connection.outbound.gate().isOccupied()));
        assertThatThrownBy(() -> tether.call(() -> write("x")))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("two coroutines cannot write at once");
        byte[] received = tether.peer.getInputStream().readNBytes(4_000_000);
        pattern.check(received, received.length, 0);
        first.get();
    }

    @Test
    void transferCopiesToTheEndAndSaysHowMuch() throws Exception {
        try (var target = new Tether()) {
            var transfer = tether.spawn(() -> connection.transferTo(target.connection));
            tether.send("first, ");
            assertThat(target.received(7)).isEqualTo("first, ");
            tether.send("second");
            tether.peer.shutdownOutput();
            assertThat(transfer.get()).isEqualTo(13);
            assertThat(target.received(6)).isEqualTo("second");
        }
    }

    @Test
    void addressesAndOptions() throws Exception {
        assertThat(connection.remoteAddress()).isEqualTo(tether.peer.getLocalSocketAddress());
        assertThat(connection.localAddress()).isEqualTo(tether.peer.getRemoteSocketAddress());
        assertThat(connection.option(ChannelOption.TCP_NODELAY)).isTrue();
        assertThat(connection.option(ChannelOption.SO_KEEPALIVE, true)).isSameAs(connection);
        assertThat(connection.option(ChannelOption.SO_KEEPALIVE)).isTrue();
        assertThatThrownBy(() -> connection.option(ChannelOption.SO_BROADCAST, true))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("SO_BROADCAST");
    }

    private Void write(String text) throws IOException {
        connection.write(text);
        return null;
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
