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
 * Has Linux drop each SYN that comes for a listening socket, so that nobody is let in between the
 * last look into its queue and its end, and reset then. Who knocks meanwhile gets no answer and
 * tries again, after a second, as the kernel does for a packet that was lost: by then another
 * process listens on the port (SO_REUSEPORT), or the kernel says that none does. Who was answered
 * before still comes in. A filter of socket(7), SO_ATTACH_FILTER; whoever comes in inherits it, and
 * has no SYN to send any more, but when it has lost its memory.
 */
final class ShutDoor {
    private static final boolean LINUX =
            System.getProperty("os.name", "").toLowerCase(Locale.ROOT).equals("linux");

    private static final int SOL_SOCKET = 1;
    private static final int SO_ATTACH_FILTER = 26;
    private static final int PROGRAM_BYTES = 16; // struct sock_fprog: a count, padding, a pointer
    private static final int INSTRUCTION_BYTES = 8; // struct sock_filter
    private static final short COUNT = 4; // of them

    // codes of bpf's instructions
    private static final short LOAD_BYTE = 0x30; // BPF_LD | BPF_B | BPF_ABS
    private static final short JUMP_UNLESS_SET = 0x45; // BPF_JMP | BPF_JSET | BPF_K: else the next
    private static final short RETURN = 0x06; // BPF_RET | BPF_K: so much of the packet

    private static final int FLAGS = 13; // the byte of a TCP header, with which a packet begins
    private static final int SYN = 0x02;
    private static final int NOTHING = 0;
    private static final int ALL = -1;

    private static final RawUnixChannelOption FILTER =
            new RawUnixChannelOption(
                    "SO_ATTACH_FILTER", SOL_SOCKET, SO_ATTACH_FILTER, PROGRAM_BYTES);

    private ShutDoor() {}

    /** Does it if the channel's transport can. On the hub. */
    static void shut(Channel listener) {
        if (!LINUX) {
            return;
        }
        var instructions =
                ByteBuffer.allocateDirect(COUNT * INSTRUCTION_BYTES).order(ByteOrder.nativeOrder());
        instruction(instructions, LOAD_BYTE, 0, FLAGS);
        instruction(instructions, JUMP_UNLESS_SET, 1, SYN);
        instruction(instructions, RETURN, 0, NOTHING);
        instruction(instructions, RETURN, 0, ALL);
        var program = ByteBuffer.allocateDirect(PROGRAM_BYTES).order(ByteOrder.nativeOrder());
        program.putShort(0, COUNT);
        program.putLong(8, Buffer.memoryAddress(instructions));
        try {
            listener.config().setOption(FILTER, program);
        } catch (RuntimeException e) {
            LoggerFactory.getLogger(StreamServer.class).debug("{}: {}", listener, e.toString());
        } finally {
            Reference.reachabilityFence(instructions);
        }
    }

    private static void instruction(ByteBuffer to, short code, int ifNot, int operand) {
        to.putShort(code).put((byte) 0).put((byte) ifNot).putInt(operand);
    }
}
