package io.weft;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;

/** Time that stands still until a test moves it. Any thread. */
public final class ManualClock implements Clock {
    /** Not far from the end of the numbers, so that every test sees them wrap round. */
    private static final long START = Long.MAX_VALUE - Duration.ofMinutes(1).toNanos();

    private final AtomicLong now = new AtomicLong(START);
    private final List<LoopGroup> groups = new CopyOnWriteArrayList<>();

    /** Loops that live by this clock. */
    public LoopGroup group(int size) {
        var group = new LoopGroup(size, Transport.preferred(), this);
        groups.add(group);
        return group;
    }

    /** Moves the time and wakes the loops to look at it. */
    public void advance(Duration duration) {
        now.addAndGet(duration.toNanos());
        for (var group : groups) {
            for (var loop : group.all()) {
                loop.eventLoop().execute(() -> {});
            }
        }
    }

    @Override
    public long nanoTime() {
        return now.get();
    }
}
