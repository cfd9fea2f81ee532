package io.weft.server;

import io.netty.channel.Channel;
import io.netty.channel.unix.Buffer;
import io.netty.channel.unix.RawUnixChannelOption;

import org.slf4j.LoggerFactory;

import java.lang.ref.Reference;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Locale;

/**
 * Has Linux drop all that comes for a listening socket, so that nobody is let in between the last
 * look into its queue and its end, and reset then. Who knocks meanwhile gets no answer and tries
 * again, after a second, as the kernel does for a packet that was lost: by then another process
 * listens on the port (SO_REUSEPORT), or the kernel says that none does. A filter of socket(7),
 * SO_ATTACH_FILTER, that lets nothing pass (bpf(4): {@code ret #0}).
 */
final class ShutDoor {
    private static final boolean LINUX =
            System.getProperty("os.name", "").toLowerCase(Locale.ROOT).equals("linux");

    private static final int SOL_SOCKET = 1;
    private static final int SO_ATTACH_FILTER = 26;
    private static final int PROGRAM_BYTES = 16; // struct sock_fprog: a count, padding, a pointer
    private static final short RETURN = 0x06; // BPF_RET | BPF_K
    private static final int INSTRUCTION_BYTES = 8; // struct sock_filter

    private static final RawUnixChannelOption FILTER =
            new RawUnixChannelOption(
                    "SO_ATTACH_FILTER", SOL_SOCKET, SO_ATTACH_FILTER, PROGRAM_BYTES);

    private ShutDoor() {}

    /** Does it if the channel's transport can. On the hub. */
    static void shut(Channel listener) {
        if (!LINUX) {
            return;
        }
        var instruction =
                ByteBuffer.allocateDirect(INSTRUCTION_BYTES).order(ByteOrder.nativeOrder());
        instruction.putShort(0, RETURN);
        var program = ByteBuffer.allocateDirect(PROGRAM_BYTES).order(ByteOrder.nativeOrder());
        program.putShort(0, (short) 1);
        program.putLong(8, Buffer.memoryAddress(instruction));
        try {
            listener.config().setOption(FILTER, program);
        } catch (RuntimeException e) {
            LoggerFactory.getLogger(StreamServer.class).debug("{}: {}", listener, e.toString());
        } finally {
            Reference.reachabilityFence(instruction);
        }
    }
}
