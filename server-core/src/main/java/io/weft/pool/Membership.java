package io.weft.pool;

import io.weft.Coroutine;
import io.weft.Deadline;
import io.weft.WaitQueue;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Who belongs to a group: its members, and the feeders that bring more of them, one for each map
 * that is going on. A kill reaches all of them, and those who were on their way when it came: they
 * waited for a place, or a feeder that is not yet dead has started them. The floor on which {@link
 * Group} stands. Any thread.
 */
abstract sealed class Membership permits Group {
    /** Longer than what should be done on the way out, shorter than anybody's patience. */
    private static final Duration STRIKE_AGAIN = Duration.ofSeconds(1);

    final WaitQueue queue = new WaitQueue(); // for those who join

    // guarded by queue
    private final Map<Coroutine<?>, Runnable> members = new LinkedHashMap<>();
    private final List<Coroutine<?>> feeders = new ArrayList<>(0);
    private int kills;
    private int emptied; // how often there were none any more
    private boolean killing; // until nobody is left who could bring another

    /** A member has gone. The lock of the group is held, or there is none. */
    abstract void givePlace();

    /**
     * The caller has taken a place.
     *
     * @param killsSeen how often the group had been killed when the caller came: one that has
     *     waited for its place meanwhile is late too
     */
    final void enter(Coroutine<?> coroutine, int killsSeen) {
        Runnable told = () -> leave(coroutine);
        boolean known;
        boolean tooLate;
        queue.lock();
        try {
            known = members.putIfAbsent(coroutine, told) != null;
            tooLate = killing || kills != killsSeen;
        } finally {
            queue.unlock();
        }
        if (known) {
            givePlace();
            throw new IllegalArgumentException(coroutine + " is in this group already");
        }
        if (tooLate) {
            coroutine.kill();
        }
        coroutine.watch(told);
    }

    /** Does nothing if it is no member. */
    final void leave(Coroutine<?> coroutine) {
        Runnable told;
        queue.lock();
        try {
            told = members.remove(coroutine);
            if (told != null) {
                givePlace(); // before those who join go on
            }
            if (members.isEmpty()) {
                emptied++;
                queue.wakeAll();
                killing &= !feeders.isEmpty();
            }
        } finally {
            queue.unlock();
        }
        if (told != null && !coroutine.isDone()) {
            coroutine.unwatch(told);
        }
    }

    /** Waits until there are no members; false if the deadline came first. */
    final boolean awaitEmpty(long deadline) throws InterruptedException {
        queue.lock();
        try {
            return members.isEmpty() || queue.await(deadline, this);
        } finally {
            queue.unlock();
        }
    }

    /**
     * Waits until there have been no members since that kill, if only for a moment: who comes later
     * is not its business. Kills again and again those who have not ended: one may have taken the
     * kill for something else. False if the deadline came first.
     */
    final boolean awaitEmptied(int killed, long deadline) throws InterruptedException {
        while (true) {
            long again = Deadline.nearer(deadline, Deadline.in(STRIKE_AGAIN));
            queue.lock();
            try {
                while (emptied == killed) {
                    if (!queue.await(again, this)) {
                        break;
                    }
                }
                if (emptied != killed) {
                    return true;
                }
            } finally {
                queue.unlock();
            }
            if (Deadline.isPast(deadline)) {
                return false;
            }
            victims().forEach(Coroutine::kill);
        }
    }

    private List<Coroutine<?>> victims() {
        queue.lock();
        try {
            var victims = new ArrayList<>(feeders);
            victims.addAll(members.keySet());
            return victims;
        } finally {
            queue.unlock();
        }
    }

    /** Does not wait; returns what {@link #awaitEmptied} wants to know. */
    final int killAll() {
        List<Coroutine<?>> victims;
        int killed;
        queue.lock();
        try {
            victims = victims();
            killing = !victims.isEmpty();
            kills++;
            killed = members.isEmpty() ? emptied - 1 : emptied;
        } finally {
            queue.unlock();
        }
        victims.forEach(Coroutine::kill);
        return killed;
    }

    /** How often this group has been killed. */
    final int kills() {
        queue.lock();
        try {
            return kills;
        } finally {
            queue.unlock();
        }
    }

    final boolean has(Coroutine<?> coroutine) {
        queue.lock();
        try {
            return members.containsKey(coroutine);
        } finally {
            queue.unlock();
        }
    }

    final List<Coroutine<?>> list() {
        queue.lock();
        try {
            return new ArrayList<>(members.keySet());
        } finally {
            queue.unlock();
        }
    }

    final int count() {
        queue.lock();
        try {
            return members.size();
        } finally {
            queue.unlock();
        }
    }

    /** A map is going on, whose items {@code feeder} is going to start. */
    final void begin(Coroutine<?> feeder) {
        queue.lock();
        try {
            feeders.add(feeder);
        } finally {
            queue.unlock();
        }
    }

    final void end(Coroutine<?> feeder) {
        queue.lock();
        try {
            feeders.remove(feeder);
            killing &= !feeders.isEmpty() || !members.isEmpty();
        } finally {
            queue.unlock();
        }
    }
}
