package io.weft.queue;

import java.util.ArrayDeque;

/**
 * A queue without room: put waits for its getter, get for its putter, and both go on together
 * (gevent: Channel). Always empty and always full. Any thread.
 *
 * <p>Differences from gevent: those of {@link Queue}; {@code balance} is in {@link #statistics()}:
 * putters less getters. Peek shows what the first putter offers, if it stays that long.
 */
public final class Channel<E> extends Queue<E> {
    /** A channel, on which nobody waits yet. */
    public Channel() {
        super(0, new ArrayDeque<>(0));
    }
}
