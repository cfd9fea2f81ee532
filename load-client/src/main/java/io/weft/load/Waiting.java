package io.weft.load;

import java.util.concurrent.atomic.AtomicLong;

/**
 * Since when a worker waits for its server, so that whoever leads the run can end a wait that takes
 * too long: one look at all workers now and then, where a limit on every read would cost each
 * message a timer or a system call.
 *
 * <pre>
 *           begin               expire               end
 *   IDLE ──────────▶ since ──────────▶ EXPIRING ─ the connection is ended ─▶ EXPIRED ──▶ IDLE
 *     ▲                │                                                      for the worker
 *     └───── end ──────┘
 * </pre>
 *
 * The worker never goes on while its connection is being ended, so that it is never the next one.
 * {@link #begin} and {@link #end} are the worker's, {@link #expire} is the leader's.
 */
final class Waiting {
    private static final long IDLE = Long.MIN_VALUE;
    private static final long EXPIRING = Long.MIN_VALUE + 1;
    private static final long EXPIRED = Long.MIN_VALUE + 2;

    private final AtomicLong since = new AtomicLong(IDLE);

    /** The worker waits from now on, unless it does already. */
    void begin(long now) {
        if (since.getOpaque() == IDLE) {
            since.setOpaque(now);
        }
    }

    /** Whether the worker has waited for {@code limitNanos}. */
    boolean isOverdue(long now, long limitNanos) {
        long began = since.getOpaque();
        return began > EXPIRED && now - began >= limitNanos;
    }

    /** How long the worker has waited. */
    long nanos(long now) {
        long began = since.getOpaque();
        return began > EXPIRED ? Math.max(0, now - began) : 0;
    }

    /** Ends the wait by {@code abort}, if it still lasts. */
    void expire(long now, long limitNanos, Runnable abort) {
        long began = since.get();
        if (began > EXPIRED && now - began >= limitNanos && since.compareAndSet(began, EXPIRING)) {
            try {
                abort.run();
            } finally {
                since.set(EXPIRED);
            }
        }
    }

    /**
     * The worker waits no more.
     *
     * @return false if its time was over, and its connection is ended
     */
    boolean end() {
        long state = since.getAndSet(IDLE);
        if (state == EXPIRING) {
            while (since.get() != EXPIRED) {
                Thread.onSpinWait(); // the leader closes a socket meanwhile
            }
            since.set(IDLE);
        }
        return state != EXPIRING && state != EXPIRED;
    }
}
