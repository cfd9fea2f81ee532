package io.weft;

import java.util.concurrent.locks.LockSupport;

/**
 * Parks the current thread for a time: a coroutine by its loop's own timers, any other thread by
 * the JDK's.
 */
final class Parking {
    private Parking() {}

    /**
     * Returns when unparked, interrupted or at the deadline, and may return early as {@link
     * LockSupport#park(Object)} may; the caller looks at its own condition again.
     *
     * @param blocker what a dump shows the thread to wait on
     */
    static void until(long deadline, Object blocker) {
        Loop loop = Loop.current();
        if (loop != null) {
            loop.checkMayBlock("waiting");
        }
        if (deadline == Deadline.NEVER) {
            LockSupport.park(blocker);
        } else if (loop == null || !loop.timers().areFired()) {
            LockSupport.parkNanos(blocker, Math.max(1, deadline - Deadline.now()));
        } else {
            var alarm = new Sleeper(loop, Thread.currentThread());
            alarm.schedule(deadline);
            try {
                LockSupport.park(blocker);
            } finally {
                // after the end of its loop the thread is on the JDK's scheduler, and all timers
                // have fired
                if (loop.isCurrent()) {
                    alarm.cancel();
                }
            }
            return;
        }
        if (loop != null) {
            loop.rejoin();
        }
    }

    /** As {@link Loop#isPinned()}: who yields and is not unmounted goes on at once. */
    @SuppressWarnings("ThreadPriorityCheck") // the scheduler is our own
    static boolean isPinned(Carrier carrier) {
        long before = carrier.switches();
        try {
            Thread.yield();
        } catch (OutOfMemoryError e) {
            OutOfMemory.noticed(e); // to unmount it
        }
        return carrier.switches() == before;
    }

    private static final class Sleeper extends Alarm {
        private final Thread thread;

        Sleeper(Loop loop, Thread thread) {
            super(loop);
            this.thread = thread;
        }

        @Override
        protected void fire() {
            LockSupport.unpark(thread);
        }
    }
}
