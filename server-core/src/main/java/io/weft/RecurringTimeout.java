package io.weft;

import org.jspecify.annotations.Nullable;

import java.time.Duration;

/**
 * The same limit over and over, for one piece of work after another, as a server has it for every
 * request. Made for limits that are hardly ever reached: its time begins when the loop next looks
 * at its clock, before it sleeps at the latest, so work that is done by then costs no look at the
 * clock and no timer; and the one timer is moved only when it fires too early. Loop-confined: made,
 * used and closed by one coroutine.
 */
public final class RecurringTimeout implements AutoCloseable {
    private final Duration duration;
    private final long nanos;
    private final Coroutine<?> coroutine;
    private final Timer timer;
    private @Nullable Timeout current;
    private boolean fresh; // its time has not begun
    private long deadline;

    /**
     * A limit that has not started.
     *
     * @throws IllegalStateException if the caller is no coroutine
     * @throws IllegalArgumentException if negative
     */
    public RecurringTimeout(Duration duration) {
        this.duration = duration;
        this.nanos = Deadline.nanos(duration);
        this.coroutine = Timeout.caller("RecurringTimeout");
        this.timer =
                new Alarm(coroutine.loop()) {
                    @Override
                    protected void fire() {
                        reached();
                    }
                };
    }

    /**
     * Starts the limit anew, to be closed as any {@link Timeout}.
     *
     * @throws IllegalStateException if the last one has not been closed
     */
    public Timeout start() {
        if (isRunning()) {
            throw new IllegalStateException(
                    "the limit runs already: close it before it starts again");
        }
        Timeout started = Timeout.startUntimed(duration, coroutine);
        current = started;
        if (!fresh) {
            fresh = true;
            coroutine.loop().timers().beginAtNextLook(this);
        }
        return started;
    }

    private boolean isRunning() {
        return current != null && !current.isClosed();
    }

    /** By the loop's timers. */
    void begin(long now) {
        fresh = false;
        if (!isRunning()) {
            return;
        }
        deadline = now + nanos;
        if (!timer.isScheduled()) {
            timer.schedule(deadline);
        }
    }

    private void reached() {
        if (current == null || !isRunning() || fresh) {
            return; // the time that begins next sets the timer
        }
        if (deadline - timer.deadline() > 0) {
            timer.schedule(deadline);
        } else {
            current.expire();
        }
    }

    /** Leaves no timer behind; a limit that still runs is no longer watched. */
    @Override
    public void close() {
        timer.cancel();
        current = null;
    }
}
