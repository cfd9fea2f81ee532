package io.weft.http;

import io.netty.handler.codec.DateFormatter;
import io.netty.util.AsciiString;

import java.util.Date;

/** The time as HTTP writes it (RFC 9110 section 5.6.7), made once a second. Any thread. */
public final class HttpDate {
    private record Second(long number, AsciiString text) {}

    private static volatile Second current = new Second(-1, AsciiString.EMPTY_STRING);

    private HttpDate() {}

    /** Of this second. */
    @SuppressWarnings("JavaUtilDate") // what the formatter takes
    public static CharSequence now() {
        long millis = System.currentTimeMillis();
        long number = Math.floorDiv(millis, 1000L);
        Second known = current;
        if (known.number != number) {
            known = new Second(number, new AsciiString(DateFormatter.format(new Date(millis))));
            current = known;
        }
        return known.text;
    }
}
