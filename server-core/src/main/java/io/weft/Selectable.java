package io.weft;

/**
 * Something that one can wait for beside others: a coroutine (its end), a queue (an item), an
 * event, a result, a semaphore (a permit), a connection (bytes to read, room to write). For {@link
 * Select}, and for whoever writes a source of their own.
 *
 * <p>To be told is not to be woken from the source's own line: it takes nothing from those who wait
 * there, and by the time that one runs again another may have been quicker.
 */
public interface Selectable {
    /**
     * Has {@code told} run once: now if this is ready already, else when it becomes so. It runs on
     * whichever thread makes it ready, the hub's too, under locks of this source: it must be brief,
     * neither block nor throw, and not call this source.
     */
    void watch(Runnable told);

    /** Takes {@code told} out again; does nothing if it has run. */
    void unwatch(Runnable told);
}
