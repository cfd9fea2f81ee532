package io.weft.cli;

import io.weft.LoopGroup;
import io.weft.Transport;

import java.time.Duration;

/**
 * The loops of a command. As the process ends with them, one that is held by a handler is waited
 * for but a second, not for as long as by {@link LoopGroup#close()}.
 */
public record Loops(LoopGroup group) implements AutoCloseable {
    /**
     * A loop that is held for longer is worth a line in the log, with who holds it (Vert.x: two
     * seconds; gevent, which asks for it: 0.1).
     */
    public static final Duration HELD = Duration.ofSeconds(1);

    private static final Duration GRACE = Duration.ofSeconds(1);

    /** So many on that transport. */
    public static Loops create(int count, Transport transport) {
        return new Loops(LoopGroup.create(count, transport));
    }

    @Override
    public void close() {
        group.shutDown(GRACE);
        try {
            group.awaitEnd(GRACE);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
