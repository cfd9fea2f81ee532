package io.weft.net;

import java.nio.charset.Charset;

/** Text by lines, which end with LF or CRLF. */
final class Lines {
    static final byte[] END = {'\n'};

    private Lines() {}

    /** {@code line} without its end, if it has one. */
    static String text(byte[] line, Charset charset) {
        int length = line.length;
        if (length > 0 && line[length - 1] == '\n') {
            length--;
            if (length > 0 && line[length - 1] == '\r') {
                length--;
            }
        }
        return new String(line, 0, length, charset);
    }
}
