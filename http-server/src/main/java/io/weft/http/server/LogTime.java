package io.weft.http.server;

import java.time.Clock;
import java.time.Instant;
import java.time.format.DateTimeFormatter;
import java.util.Locale;

/** A form of the time, made once a second. Any thread. */
final class LogTime implements LogAtom {
    private record Second(long number, Clock clock, String text) {}

    private final DateTimeFormatter format;
    private volatile Second current = new Second(Long.MIN_VALUE, Clock.systemUTC(), "");

    LogTime(String pattern) {
        format = DateTimeFormatter.ofPattern(pattern, Locale.ENGLISH);
    }

    @Override
    public void append(StringBuilder line, Answered answered) {
        Clock clock = answered.clock();
        long number = Math.floorDiv(clock.millis(), 1000L);
        Second known = current;
        if (known.number != number || known.clock != clock) {
            var time = Instant.ofEpochSecond(number).atZone(clock.getZone());
            known = new Second(number, clock, format.format(time));
            current = known;
        }
        line.append(known.text);
    }
}
