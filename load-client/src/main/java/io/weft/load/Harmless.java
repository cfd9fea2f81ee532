package io.weft.load;

import java.io.PrintStream;

/**
 * What a server says, byte by byte on its way to a terminal: as it came in whatever character set,
 * but for the control characters that a terminal would obey (ECMA-48: C0 without tab and line feed,
 * DEL, and C1 as UTF-8 has them), which are written as {@code \x} and their number. One thread's.
 */
final class Harmless {
    private static final int SPACE = 0x20;
    private static final int DELETE = 0x7f;

    /** In UTF-8 what C1 control characters begin with. */
    private static final int C1_LEAD = 0xc2;

    private static final int C1_FIRST = 0x80;
    private static final int C1_LAST = 0x9f;

    private final PrintStream out;
    private boolean afterLead;

    Harmless(PrintStream out) {
        this.out = out;
    }

    void write(byte[] bytes, int length) {
        for (int i = 0; i < length; i++) {
            write(bytes[i] & 0xff);
        }
    }

    private void write(int b) {
        if (afterLead) {
            afterLead = false;
            if (b >= C1_FIRST && b <= C1_LAST) {
                escape(C1_LEAD);
                escape(b);
                return;
            }
            out.write(C1_LEAD);
        }
        if (b == C1_LEAD) {
            afterLead = true;
        } else if ((b < SPACE && b != '\t' && b != '\n') || b == DELETE) {
            escape(b);
        } else {
            out.write(b);
        }
    }

    private void escape(int b) {
        out.printf("\\x%02x", b);
    }

    /** The end of what was said. */
    void end() {
        if (afterLead) {
            afterLead = false;
            out.write(C1_LEAD);
        }
        out.println();
        out.flush();
    }
}
