package io.weft;

import org.slf4j.LoggerFactory;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.LongAdder;

/** What {@link LoopWatcher} has seen of one loop. Its thread's own. */
final class WatchedLoop {
    /** So often in a row a loop was in the same place before anything is thought of it. */
    private static final int PARKED = 2;

    private static final int SPINS = 3;
    private static final int SLEEPS = 10;

    /** Loops relieved of a coroutine that was parked, in this process: seldom, or never. */
    static final LongAdder PARKED_RELIEVED = new LongAdder();

    private final Loop loop;
    private final List<Stuck> stuck = new ArrayList<>();
    private long progress = Loop.ASLEEP;
    private int looks; // that found nothing changed
    private boolean learned;
    private long since; // when it was first seen there

    WatchedLoop(Loop loop) {
        this.loop = loop;
    }

    Loop loop() {
        return loop;
    }

    /** Whether the loop has anything to do. */
    boolean look(long now, boolean wasStopped) {
        learn();
        stuck.removeIf(one -> one.isOver(now));
        long seen = loop.progress();
        if (seen == Loop.ASLEEP || seen != progress || wasStopped) {
            progress = seen;
            looks = 0;
            since = now;
        } else {
            looks++;
            examine(now);
        }
        return seen != Loop.ASLEEP || !stuck.isEmpty();
    }

    /**
     * How to find the thread of a continuation: when it matters there may be no memory for that.
     */
    private void learn() {
        Runnable any = learned ? null : loop.carrier().running();
        if (any != null) {
            learned = VirtualThreads.threadOf(any) != null;
        }
    }

    private void examine(long now) {
        Runnable held = loop.carrier().running();
        // The hub cannot be left behind: nobody else polls, and its handlers run nowhere else.
        if (held == null || loop.carrier().isHub(held)) {
            return;
        }
        Thread thread = VirtualThreads.threadOf(held);
        if (thread == null) {
            return;
        }
        if (looks >= PARKED && Hold.isParkedOnItsCarrier(thread)) {
            if (isRelieved(held, thread, now, Hold.WAITS)) {
                PARKED_RELIEVED.increment();
            }
        } else if (looks >= SLEEPS && Hold.sleepsInTheKernel(loop)) {
            boolean _ = isRelieved(held, thread, now, Hold.SLEEPS);
        } else if (looks >= SPINS && Spin.isStopped(loop, thread)) {
            tellOfSpin(thread, Stuck.stack(thread), Duration.ofNanos(now - since));
        }
    }

    private void tellOfSpin(Thread thread, String stack, Duration heldFor) {
        LoggerFactory.getLogger(LoopWatcher.class)
                .warn(
                        "{}: {} spun, as a wait that it repeats ends at once after a kill or limit;"
                                + " its next call of Weft throws that{}",
                        loop,
                        Stuck.name(thread),
                        stack);
        Hold.SPINS.record(loop, thread, stack, heldFor, false);
    }

    /** On io_uring nobody can be: the kernel takes what belongs to a ring from one thread only. */
    private boolean isRelieved(Runnable held, Thread thread, long now, Hold how) {
        if (loop.group().transport() == Transport.IO_URING) {
            return false;
        }
        Thread left = loop.carrier().relief().driver();
        boolean relieved = loop.carrier().relief().relieve(held, progress);
        if (relieved) {
            var one = new Stuck(loop, thread, left, how, since);
            one.report(now);
            stuck.add(one);
        }
        return relieved;
    }
}
