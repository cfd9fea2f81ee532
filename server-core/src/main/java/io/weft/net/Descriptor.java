package io.weft.net;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;

/**
 * What Netty does not ask of a descriptor: that one it is to take over is as it relies on, and what
 * of input and output is still with the kernel. For Linux, whose constants these are. Any thread.
 */
@SuppressWarnings("restricted") // which the commands allow, and Netty needs all the same
final class Descriptor {
    private static final int F_GETFL = 3;
    private static final int F_SETFL = 4;
    private static final int O_NONBLOCK = 04000;
    private static final int SOL_SOCKET = 1;
    private static final int SO_ACCEPTCONN = 30;
    private static final int SO_DOMAIN = 39;
    private static final int AF_UNIX = 1;
    private static final int MSG_PEEK = 2;
    private static final int MSG_DONTWAIT = 0x40;
    private static final long SIOCOUTQ = 0x5411;

    private static final MethodHandle FCNTL =
            function(
                    "fcntl",
                    FunctionDescriptor.of(
                            ValueLayout.JAVA_INT,
                            ValueLayout.JAVA_INT,
                            ValueLayout.JAVA_INT,
                            ValueLayout.JAVA_INT),
                    Linker.Option.firstVariadicArg(2));
    private static final MethodHandle GETSOCKOPT =
            function(
                    "getsockopt",
                    FunctionDescriptor.of(
                            ValueLayout.JAVA_INT,
                            ValueLayout.JAVA_INT,
                            ValueLayout.JAVA_INT,
                            ValueLayout.JAVA_INT,
                            ValueLayout.ADDRESS,
                            ValueLayout.ADDRESS));
    private static final MethodHandle RECV =
            function(
                    "recv",
                    FunctionDescriptor.of(
                            ValueLayout.JAVA_LONG,
                            ValueLayout.JAVA_INT,
                            ValueLayout.ADDRESS,
                            ValueLayout.JAVA_LONG,
                            ValueLayout.JAVA_INT));
    private static final MethodHandle IOCTL =
            function(
                    "ioctl",
                    FunctionDescriptor.of(
                            ValueLayout.JAVA_INT,
                            ValueLayout.JAVA_INT,
                            ValueLayout.JAVA_LONG,
                            ValueLayout.ADDRESS),
                    Linker.Option.firstVariadicArg(2));

    /** One byte, of which nobody asks what it is. */
    private static final MemorySegment BIN = Arena.global().allocate(1);

    private Descriptor() {}

    /** Of the C library. */
    private static MethodHandle function(
            String name, FunctionDescriptor type, Linker.Option... options) {
        Linker linker = Linker.nativeLinker();
        return linker.downcallHandle(
                linker.defaultLookup().find(name).orElseThrow(), type, options);
    }

    /**
     * Makes sure that {@code number} is a socket that listens, and that accepting from it does not
     * block: systemd and others hand over blocking ones, and accepting goes on until there is no
     * more.
     *
     * @return whether it is a Unix socket
     * @throws IOException if it does not listen
     */
    static boolean prepareListener(int number) throws IOException {
        if (option(number, SO_ACCEPTCONN) != 1) {
            throw new IOException("expected a socket that listens");
        }
        int flags = control(number, F_GETFL, 0);
        if (flags < 0 || control(number, F_SETFL, flags | O_NONBLOCK) < 0) {
            throw new IOException("its mode cannot be set");
        }
        return option(number, SO_DOMAIN) == AF_UNIX;
    }

    /** Whether the kernel has bytes of this socket's that nobody has read. Does not block. */
    static boolean hasInput(int number) {
        try {
            return (long) RECV.invokeExact(number, BIN, 1L, MSG_PEEK | MSG_DONTWAIT) > 0;
        } catch (Throwable e) {
            throw new IllegalStateException("recv cannot be called", e);
        }
    }

    /**
     * How many bytes of this socket of TCP the kernel has yet to send, or to hear of that they have
     * arrived.
     */
    static int outstanding(int number) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment count = arena.allocate(ValueLayout.JAVA_INT);
            int result = (int) IOCTL.invokeExact(number, SIOCOUTQ, count);
            return result < 0 ? 0 : count.get(ValueLayout.JAVA_INT, 0);
        } catch (Throwable e) {
            throw new IllegalStateException("ioctl cannot be called", e);
        }
    }

    /** -1 if there is none, for example because it is no socket. */
    private static int option(int number, int option) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment value = arena.allocate(ValueLayout.JAVA_INT);
            MemorySegment length = arena.allocateFrom(ValueLayout.JAVA_INT, Integer.BYTES);
            int result = (int) GETSOCKOPT.invokeExact(number, SOL_SOCKET, option, value, length);
            return result < 0 ? -1 : value.get(ValueLayout.JAVA_INT, 0);
        } catch (Throwable e) {
            throw new IllegalStateException("getsockopt cannot be called", e);
        }
    }

    private static int control(int number, int command, int argument) {
        try {
            return (int) FCNTL.invokeExact(number, command, argument);
        } catch (Throwable e) {
            throw new IllegalStateException("fcntl cannot be called", e);
        }
    }
}
