package io.weft;

import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;

/**
 * One value per loop, made by the loop's first caller and closed with the loop: buffers, caches,
 * resolvers. Loop-confined, but for the constructor.
 */
public final class LoopLocal<T> {
    private final Function<Loop, T> maker;
    private final ReentrantLock making = new ReentrantLock();

    public LoopLocal(Function<Loop, T> maker) {
        this.maker = maker;
    }

    /**
     * The loop's value. If it is {@link AutoCloseable} it is closed by the loop's own thread when
     * the hub and the coroutines have ended: without Netty's event loop, and after everyone who
     * used it.
     */
    @SuppressWarnings("unchecked")
    public T get(Loop loop) {
        Object value = loop.locals().get(this);
        return value != null ? (T) value : make(loop);
    }

    /**
     * The maker may park, on class initialisation for one; who comes meanwhile waits for its value.
     */
    @SuppressWarnings("unchecked")
    private T make(Loop loop) {
        making.lock();
        try {
            Object value = loop.locals().get(this);
            if (value == null) {
                value = maker.apply(loop);
                loop.locals().put(this, value);
            }
            return (T) value;
        } finally {
            making.unlock();
        }
    }
}
