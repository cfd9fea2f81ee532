package io.weft;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;

/**
 * A coroutine begins to wait while the heap is full, so that the JDK cannot unmount it and parks
 * its carrier, or cannot wait at all. Prints that all others have gone on, and how it ended.
 */
final class FullHeap {
    private static final int DEPTH = 400; // what is to be unmounted is to be worth an allocation

    private static final AtomicBoolean MAY_FILL = new AtomicBoolean();
    private static final AtomicBoolean FULL = new AtomicBoolean();
    private static Object[] filling = new Object[100_000];
    private static final Object[] NOTHING = {};
    private static volatile boolean goOn;

    private FullHeap() {}

    public static void main(String[] args) throws Exception {
        var loop = LoopGroup.create(1).next();
        loop.call(() -> "warm");
        Coroutine<String> waiter = loop.spawn("waiter", () -> below(DEPTH));
        Thread.sleep(1); // what that needs is loaded by now
        MAY_FILL.set(true);
        while (!FULL.get()) {
            Thread.onSpinWait();
        }
        Thread.sleep(300); // the heap stays full for this time; nothing is allocated meanwhile
        filling = NOTHING;
        var other = loop.spawn(() -> "the others go on");
        String said = other.get(Duration.ofSeconds(60));
        goOn = true;
        LockSupport.unpark(waiter.thread());
        waiter.join();
        System.out.println(said + ", " + waiter.state());
    }

    private static String below(int depth) {
        if (depth > 0) {
            return below(depth - 1);
        }
        while (!MAY_FILL.get()) {
            Thread.onSpinWait();
        }
        fill();
        FULL.set(true);
        while (!goOn) {
            LockSupport.park();
        }
        return "waited";
    }

    private static void fill() {
        int n = 0;
        for (int size = 1 << 20; size >= 8; ) {
            try {
                filling[n] = new byte[size];
                n++;
            } catch (OutOfMemoryError e) {
                size /= 4;
            }
        }
    }
}
