package io.weft;

import org.jspecify.annotations.Nullable;

/**
 * A virtual thread of a loop that nobody has started as a coroutine, seen as one: a raw one, or one
 * of the JDK's. It ends with its thread, which is watched from the first one on who wants to know.
 */
final class Adopted extends Coroutine<@Nullable Void> {
    private static final ThreadLocal<Adopted> CURRENT = new ThreadLocal<>();

    private Adopted(Loop loop, Thread thread) {
        super(loop, thread);
    }

    /** The running one; null if nobody has asked for it yet. */
    static @Nullable Adopted known() {
        return CURRENT.get();
    }

    /** The running virtual thread of {@code loop}. */
    static Adopted running(Loop loop) {
        var adopted = new Adopted(loop, Thread.currentThread());
        CURRENT.set(adopted);
        return adopted;
    }

    @Override
    void awaited() {
        Thread own = thread();
        if (own != null) {
            loop().newDetachedThread(null, () -> await(own)).start();
        }
    }

    private void await(Thread own) {
        try {
            own.join();
        } catch (InterruptedException e) {
            return; // nobody has this one to interrupt
        }
        endAdopted();
    }
}
