package io.weft.load;

import java.util.Locale;

/** Who runs the connections. */
enum Mode {
    /** One platform thread each, with {@link java.net.Socket}: the course notes' client. */
    THREADS,
    /** One Weft coroutine each, a few loops for all. */
    COROUTINES;

    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
