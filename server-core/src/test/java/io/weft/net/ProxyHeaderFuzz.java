package io.weft.net;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.UnpooledByteBufAllocator;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.weft.Loop;
import io.weft.LoopGroup;

import java.io.ByteArrayOutputStream;
import java.net.SocketAddress;
import java.time.Duration;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.concurrent.ExecutionException;

/**
 * A PROXY header says what the protocol's text has it say, however it is cut, and what follows it
 * comes through; what is none is cut off, and leaves nothing behind.
 */
public final class ProxyHeaderFuzz {
    private static final Loop LOOP = LoopGroup.shared().next();
    private static final String NOTHING = "nothing";

    private ProxyHeaderFuzz() {}

    /** One input of the fuzzer. */
    public static void fuzzerTestOneInput(byte[] input) throws Exception {
        try {
            LOOP.eventLoop().submit(() -> check(input)).get();
        } catch (ExecutionException e) {
            throw new AssertionError(e.getCause().getMessage(), e.getCause());
        }
    }

    private static void check(byte[] input) {
        var reference = ProxyReference.of(input);
        String expected =
                reference == null
                        ? NOTHING
                        : text(
                                reference.client(),
                                reference.server(),
                                Arrays.copyOfRange(input, reference.end(), input.length));
        assertThat(taken(input, Math.max(1, input.length))).isEqualTo(expected);
        assertThat(taken(input, 1)).isEqualTo(expected);
        assertThat(taken(input, 11)).isEqualTo(expected);
    }

    private static String text(SocketAddress client, SocketAddress server, byte[] rest) {
        return client + " " + server + " " + HexFormat.of().formatHex(rest);
    }

    /** What comes of it in pieces of that size. On the hub. */
    private static String taken(byte[] input, int piece) {
        int timers = LOOP.timerCount();
        var memory = new UnpooledByteBufAllocator(false);
        var channel = new EmbeddedChannel();
        channel.config().setAllocator(memory);
        var connection = new Connection(LOOP, channel);
        ProxyHeader.expect(connection, Duration.ofHours(1));
        for (int i = 0; i < input.length && channel.isOpen(); i += piece) {
            byte[] next = Arrays.copyOfRange(input, i, Math.min(input.length, i + piece));
            channel.writeInbound(memory.buffer(next.length).writeBytes(next));
        }
        channel.pipeline().fireUserEventTriggered(ChannelInputShutdownEvent.INSTANCE);
        channel.runPendingTasks();
        String taken = channel.isOpen() ? accepted(connection, channel) : NOTHING;
        channel.finishAndReleaseAll();
        assertThat(memory.metric().usedHeapMemory()).isZero();
        assertThat(memory.metric().usedDirectMemory()).isZero();
        assertThat(LOOP.timerCount()).isEqualTo(timers);
        return taken;
    }

    private static String accepted(Connection connection, EmbeddedChannel channel) {
        assertThat(channel.pipeline().get(ProxyHeader.class)).isNull();
        assertThat(channel.pipeline().get(ProxyHeaderDecoder.class)).isNull();
        var rest = new ByteArrayOutputStream();
        for (ByteBuf next; (next = channel.readInbound()) != null; ) {
            rest.writeBytes(ByteBufUtil.getBytes(next));
            next.release();
        }
        ProxyHeader header = connection.inbound.proxyHeader;
        return text(header.client(), header.server(), rest.toByteArray());
    }
}
