package io.weft;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

/**
 * Waits for several sources at once: connections, datagrams, queues, coroutines, events, results
 * and semaphores, mixed as one likes (gevent: select.select, wait). Nothing is polled. Any thread.
 *
 * <pre>{@code
 * for (var ready : Select.any(List.of(connection.readable(), commands), Duration.ofSeconds(5))) {
 *     if (ready == commands) {
 *         var command = commands.tryGet(); // another may have been quicker: then null
 *         ...
 *     }
 * }
 * }</pre>
 *
 * <p>A source that is ready has not been touched: what is there is still to be read or taken, and
 * is not kept for the caller. Those who wait at the source itself come first, and lose nothing to
 * one that only watches.
 *
 * <p>Differences from gevent: takes sources instead of file descriptors, queues and coroutines
 * among them; the sides of a connection are sources of their own.
 */
public final class Select {
    private Select() {}

    /**
     * Waits until at least one is ready.
     *
     * @return those that are, in the order in which they became so
     * @throws IllegalArgumentException if there are no sources, which would be waiting for ever
     */
    public static <S extends Selectable> List<S> any(Collection<? extends S> sources)
            throws InterruptedException {
        if (sources.isEmpty()) {
            throw new IllegalArgumentException(
                    "at least one source is needed: none of none ever becomes ready");
        }
        return any(sources, Deadline.NEVER);
    }

    /**
     * As {@link #any(Collection)}; none if the time was over first. With no sources it waits out
     * the time, as select does.
     */
    public static <S extends Selectable> List<S> any(
            Collection<? extends S> sources, Duration timeout) throws InterruptedException {
        if (sources.isEmpty()) {
            Weft.sleep(timeout);
        }
        return any(sources, Deadline.in(timeout));
    }

    private static <S extends Selectable> List<S> any(
            Collection<? extends S> sources, long deadline) throws InterruptedException {
        var ready = new ArrayList<S>();
        try (var arrivals = new Arrivals<S>(sources)) {
            S first = arrivals.next(deadline);
            if (first != null) {
                ready.add(first);
                ready.addAll(arrivals.readyNow());
            }
        }
        return ready;
    }

    /**
     * Those that are ready now. A connection of another loop has to be asked there, which is
     * waiting: here it is never ready.
     */
    public static <S extends Selectable> List<S> tryAny(Collection<? extends S> sources) {
        try (var arrivals = new Arrivals<S>(sources)) {
            return arrivals.readyNow();
        }
    }
}
