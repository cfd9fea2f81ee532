package io.weft.load;

import org.jspecify.annotations.Nullable;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;

/**
 * How many columns the terminal has that standard output is. It is asked each time, since people
 * make windows narrower. Any thread.
 */
@SuppressWarnings("restricted") // the command allows it, for Netty
final class TerminalWidth {
    /** As terminals have been since the VT100. */
    private static final int USUAL = 80;

    private static final int STANDARD_OUTPUT = 1;

    // of ioctl_tty(2) on Linux and of ttycom.h on macOS and the BSDs
    private static final long TIOCGWINSZ_LINUX = 0x5413;
    private static final long TIOCGWINSZ_BSD = 0x40087468;

    /** struct winsize: rows, columns, and two sizes in pixels; each two bytes. */
    private static final int WINSIZE_BYTES = 8;

    private static final int COLUMNS_AT = 2;

    private static final @Nullable MethodHandle IOCTL = ioctl();

    private TerminalWidth() {}

    private static @Nullable MethodHandle ioctl() {
        try {
            var linker = Linker.nativeLinker();
            return linker.downcallHandle(
                    linker.defaultLookup().find("ioctl").orElseThrow(),
                    FunctionDescriptor.of(
                            ValueLayout.JAVA_INT,
                            ValueLayout.JAVA_INT,
                            ValueLayout.JAVA_LONG,
                            ValueLayout.ADDRESS),
                    Linker.Option.firstVariadicArg(2));
        } catch (RuntimeException e) {
            return null; // Windows has none
        }
    }

    /** Of the terminal; of {@code COLUMNS} where it does not say; else {@value #USUAL}. */
    static int columns() {
        int columns = asked();
        return columns > 0 ? columns : of(System.getenv("COLUMNS"));
    }

    /** What a variable of the environment says. */
    static int of(@Nullable String columns) {
        try {
            int said = columns == null ? 0 : Integer.parseInt(columns.strip());
            return said > 0 ? said : USUAL;
        } catch (NumberFormatException e) {
            return USUAL;
        }
    }

    /** 0 if it does not say. */
    private static int asked() {
        MethodHandle ioctl = IOCTL;
        if (ioctl == null) {
            return 0;
        }
        long request =
                System.getProperty("os.name").startsWith("Linux")
                        ? TIOCGWINSZ_LINUX
                        : TIOCGWINSZ_BSD;
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment size = arena.allocate(WINSIZE_BYTES, Short.BYTES);
            int result = (int) ioctl.invokeExact(STANDARD_OUTPUT, request, size);
            return result < 0
                    ? 0
                    : Short.toUnsignedInt(size.get(ValueLayout.JAVA_SHORT, COLUMNS_AT));
        } catch (Throwable e) {
            return 0;
        }
    }
}
