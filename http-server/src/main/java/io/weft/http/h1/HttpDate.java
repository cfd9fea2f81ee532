package io.weft.http.h1;

import io.netty.util.AsciiString;

import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;

/** The time as HTTP writes it (RFC 9110 section 5.6.7), made once a second. Any thread. */
final class HttpDate {
    private static final DateTimeFormatter FORMAT =
            DateTimeFormatter.ofPattern("EEE, dd MMM yyyy HH:mm:ss 'GMT'", Locale.ENGLISH)
                    .withZone(ZoneOffset.UTC);

    private record Second(long number, AsciiString text) {}

    private static volatile Second current = new Second(-1, AsciiString.EMPTY_STRING);

    private HttpDate() {}

    static AsciiString now() {
        long millis = System.currentTimeMillis();
        long number = Math.floorDiv(millis, 1000L);
        Second known = current;
        if (known.number != number) {
            known =
                    new Second(
                            number, new AsciiString(FORMAT.format(Instant.ofEpochMilli(millis))));
            current = known;
        }
        return known.text;
    }
}
