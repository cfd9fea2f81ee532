package io.weft.http.h1;

import io.netty.handler.codec.DateFormatter;
import io.netty.util.AsciiString;
import io.weft.Loop;
import io.weft.LoopLocal;

import java.util.Date;
import java.util.concurrent.TimeUnit;

/**
 * The Date of a loop's responses (RFC 9110 section 5.6.7), written once a second. Between that no
 * response reads a clock: that the second is over is seen by the time the loop knows anyway.
 * Loop-confined.
 */
final class Dates {
    private static final LoopLocal<Dates> OF = new LoopLocal<>(Dates::new);

    private final Loop loop;
    private CharSequence text = AsciiString.EMPTY_STRING;
    private long over; // when its second is, in the loop's time

    private Dates(Loop loop) {
        this.loop = loop;
        this.over = loop.coarseNanoTime();
    }

    static Dates of(Loop loop) {
        return OF.get(loop);
    }

    CharSequence now() {
        long now = loop.coarseNanoTime();
        if (now - over >= 0) {
            write(now);
        }
        return text;
    }

    @SuppressWarnings("JavaUtilDate") // what the formatter takes
    private void write(long now) {
        long millis = System.currentTimeMillis();
        text = new AsciiString(DateFormatter.format(new Date(millis)));
        over = now + TimeUnit.MILLISECONDS.toNanos(1000 - Math.floorMod(millis, 1000));
    }
}
