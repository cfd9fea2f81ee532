package io.weft.http.h1;

import io.weft.Loop;
import io.weft.LoopLocal;
import io.weft.http.HttpDate;

import java.util.concurrent.TimeUnit;

/**
 * The Date of a loop's responses, looked up a few times a second and not for each of them.
 * Loop-confined.
 */
final class Dates {
    /** So late the next second may be seen. */
    private static final long NANOS = TimeUnit.MILLISECONDS.toNanos(50);

    private static final LoopLocal<Dates> OF = new LoopLocal<>(Dates::new);

    private final Loop loop;
    private CharSequence text = "";
    private long looked;

    private Dates(Loop loop) {
        this.loop = loop;
        look(loop.coarseNanoTime());
    }

    static Dates of(Loop loop) {
        return OF.get(loop);
    }

    CharSequence now() {
        long now = loop.coarseNanoTime();
        if (now - looked >= NANOS) {
            look(now);
        }
        return text;
    }

    private void look(long now) {
        looked = now;
        text = HttpDate.now();
    }
}
