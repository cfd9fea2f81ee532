package io.weft.net;

import io.weft.Alarm;
import io.weft.Coroutine;
import io.weft.Deadline;
import io.weft.Loop;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;

/**
 * Where one coroutine waits for one side of a connection. The timer for its time limit is set once
 * and moved only when it fires too early, so that a limit on every read costs no timer per read.
 * Loop-confined. For protocols that put messages of their own between a pipeline and a coroutine.
 */
public class Gate extends Alarm {
    private final String verb;
    private final Object owner;
    private @Nullable Thread waiter;
    private boolean opened;
    private long limit = Deadline.NEVER;
    private long waitsUntil;

    /**
     * A gate without a limit.
     *
     * @param verb what is done here, for messages: read, write
     * @param owner what it is done to
     */
    public Gate(Loop loop, String verb, Object owner) {
        super(loop);
        this.verb = verb;
        this.owner = owner;
    }

    /** The limit on each wait from now on; null for none. */
    public void limit(@Nullable Duration timeout) {
        limit = timeout == null || timeout.isZero() ? Deadline.NEVER : Deadline.nanos(timeout);
    }

    /** Whether somebody waits. */
    public boolean isOccupied() {
        return waiter != null;
    }

    /**
     * Waits for {@link #open()}.
     *
     * @throws IllegalStateException if another coroutine waits here
     * @throws SocketTimeoutException at the limit
     * @throws java.io.InterruptedIOException if killed or timed out
     */
    public void await(Loop loop) throws IOException {
        if (waiter != null) {
            throw new IllegalStateException(
                    "two coroutines cannot "
                            + verb
                            + " at once: "
                            + waiter.threadId()
                            + " waits already to "
                            + verb
                            + " "
                            + owner
                            + "; take turns, for example with a lock");
        }
        loop.checkMayBlock(verb);
        opened = false;
        waiter = Thread.currentThread();
        if (limit != Deadline.NEVER) {
            begin();
            waitsUntil = loop.nanoTime() + limit;
            if (!isScheduled() || deadline() - waitsUntil > 0) {
                schedule(waitsUntil);
            }
        }
        try {
            while (true) {
                LockSupport.park(this);
                loop.rejoin();
                if (opened) {
                    return;
                }
                if (Thread.interrupted()) {
                    throw Coroutine.ioInterruption();
                }
                if (limit != Deadline.NEVER && waitsUntil - loop.nanoTime() <= 0) {
                    if (!hasMoved()) {
                        throw new SocketTimeoutException(
                                "nothing to "
                                        + verb
                                        + " within "
                                        + Duration.ofNanos(limit)
                                        + ": "
                                        + owner);
                    }
                    waitsUntil = loop.nanoTime() + limit;
                    schedule(waitsUntil);
                }
            }
        } finally {
            waiter = null;
        }
    }

    /** A wait with a limit begins. */
    void begin() {}

    /**
     * Whether that which is waited for has come nearer since the wait began, or since this was
     * asked: then the limit begins anew.
     */
    boolean hasMoved() {
        return false;
    }

    /** Wakes the waiter, if there is one. */
    public void open() {
        if (waiter != null && !opened) {
            opened = true;
            LockSupport.unpark(waiter);
        }
    }

    @Override
    protected void fire() {
        Thread thread = waiter;
        if (thread == null || limit == Deadline.NEVER) {
            return;
        }
        if (waitsUntil - deadline() > 0) {
            schedule(waitsUntil);
        } else {
            LockSupport.unpark(thread);
        }
    }

    @Override
    public String toString() {
        return verb + " " + owner;
    }
}
