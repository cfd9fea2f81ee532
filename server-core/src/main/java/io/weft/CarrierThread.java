package io.weft;

import org.jspecify.annotations.Nullable;

/**
 * A platform thread under one loop. A loop has one of them; more only while coroutines hold on to
 * theirs, see {@link Relief}.
 */
final class CarrierThread extends Thread {
    final Carrier carrier;
    private volatile @Nullable KernelThread kernel;
    @Nullable Runnable held; // what it runs, if it was relieved; guarded by the relief's lock

    CarrierThread(Carrier carrier, String name) {
        super(null, null, name, 0, false);
        this.carrier = carrier;
        setDaemon(true);
    }

    @Override
    public void run() {
        try {
            kernel = KernelThread.current();
        } catch (OutOfMemoryError e) {
            // it can do without, and may have been started for want of memory
        }
        while (!hasDriven()) {
            // it goes on: a loop without a thread would be dead
        }
    }

    private boolean hasDriven() {
        try {
            carrier.drive(this);
            return true;
        } catch (OutOfMemoryError e) {
            carrier.fatal(e);
            return false;
        }
    }

    /** What the kernel knows of it; null where it does not tell. */
    @Nullable KernelThread kernel() {
        return kernel;
    }

    /** The loop, for who runs on this thread; null if the loop has gone from it for good. */
    @Nullable Loop loop() {
        return carrier.isDrivenBy(this) || carrier.relief().isRejoined(this) ? carrier.loop : null;
    }
}
