package io.weft.pool;

import io.weft.Action;
import io.weft.Coroutine;
import io.weft.Deadline;
import io.weft.Loop;
import io.weft.LoopGroup;
import io.weft.Timeout;

import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * Coroutines that are waited for and killed together (gevent: Group). One that ends leaves the
 * group. They are started on the caller's loop, from a plain thread on the next one of the shared
 * group; or {@link #over all loops} of a {@link LoopGroup} in turn, to use all cores. Any thread.
 *
 * <p>Differences from gevent: {@link #kill()} also ends the maps that are going on, whose other
 * items would be started after it; in a map the first failure keeps what has not begun from being
 * started; what is thrown to the caller is not reported in the log as well. There is no map_async:
 * {@code spawn(() -> group.map(...))} is one.
 */
public sealed class Group extends Membership permits Pool {
    /**
     * What {@link #statistics()} tells.
     *
     * @param size coroutines in the group
     * @param capacity the most there can be; {@link Integer#MAX_VALUE} if unlimited
     * @param spawners how many wait for a place
     * @param joiners how many wait for the group to be empty
     */
    public record Statistics(int size, int capacity, int spawners, int joiners) {}

    private final Supplier<Loop> place;

    /** A group without members. */
    public Group() {
        this(Group::currentOrNext);
    }

    Group(Supplier<Loop> place) {
        this.place = place;
    }

    private static Loop currentOrNext() {
        Loop loop = Loop.current();
        return loop == null ? LoopGroup.shared().next() : loop;
    }

    /** A group that starts its coroutines on the loops of {@code loops} in turn. */
    public static Group over(LoopGroup loops) {
        return new Group(loops::next);
    }

    /** Starts a coroutine in this group; in a {@link Pool} it waits for a place first. */
    public <T extends @Nullable Object> Coroutine<T> spawn(Callable<T> body)
            throws InterruptedException {
        int before = kills();
        takePlace(Deadline.NEVER);
        return startInPlace(body, before);
    }

    /** As {@link #spawn(Callable)}, without a value. */
    public Coroutine<@Nullable Void> spawn(Action body) throws InterruptedException {
        return spawn(
                () -> {
                    body.run();
                    return null;
                });
    }

    /** The caller has taken a place. */
    final <T extends @Nullable Object> Coroutine<T> startInPlace(Callable<T> body, int killsSeen) {
        var coroutine = new Coroutine<T>(place.get(), null, task(body));
        enter(coroutine, killsSeen);
        return coroutine.start();
    }

    /**
     * Takes a coroutine into the group until it ends; one that has ended leaves at once. In a
     * {@link Pool} it waits for a place first.
     *
     * @throws IllegalArgumentException if it is in the group already
     */
    public void add(Coroutine<?> coroutine) throws InterruptedException {
        int before = kills();
        takePlace(Deadline.NEVER);
        enter(coroutine, before);
    }

    /** Lets a coroutine go, which runs on; does nothing if it is not in the group. */
    public void discard(Coroutine<?> coroutine) {
        leave(coroutine);
    }

    /** Waits until the group is empty, if only for a moment. */
    public void join() throws InterruptedException {
        awaitEmpty(Deadline.NEVER);
    }

    /** As {@link #join()}; false if the time was over first. */
    public boolean join(Duration timeout) throws InterruptedException {
        return awaitEmpty(Deadline.in(timeout));
    }

    /**
     * As {@link #join()}, and then throws the first failure among those that were members at the
     * beginning (gevent: raise_error).
     *
     * @param timeout null for ever
     * @return false if the time was over first; of those that have failed by then it throws too
     */
    public boolean joinOrThrow(@Nullable Duration timeout)
            throws InterruptedException, ExecutionException {
        var waitedFor = members();
        boolean empty = awaitEmpty(Deadline.in(timeout));
        for (var coroutine : waitedFor) {
            if (coroutine.state() == Coroutine.State.FAILED) {
                coroutine.get();
            }
        }
        return empty;
    }

    /**
     * Kills all members, those who wait for a place, and those who arrive before the last member
     * has ended; maps that are going on start no more items. Does not wait.
     */
    public void kill() {
        killAll();
    }

    /**
     * As {@link #kill()}, and waits until the group is empty, if only for a moment; each second it
     * kills again those who have not ended. False if the time was over first.
     */
    public boolean kill(Duration timeout) throws InterruptedException {
        long deadline = Deadline.in(timeout); // refuses a negative one before anybody dies
        return awaitEmptied(killAll(), deadline);
    }

    /**
     * The value of {@code call}, made by a member of this group. From a member itself it is called
     * directly, as waiting for a place could be waiting for oneself.
     *
     * @throws ExecutionException if it threw
     * @throws java.util.concurrent.CancellationException if the member was killed
     */
    public <T extends @Nullable Object> T apply(Callable<T> call)
            throws InterruptedException, ExecutionException {
        return isMember() ? applyHere(call) : outcome(call).get();
    }

    /**
     * As {@link #apply(Callable)}; the time counts from now, waiting for a place included.
     *
     * @throws TimeoutException if the time was over first; the member has been killed
     */
    public <T extends @Nullable Object> T apply(Callable<T> call, Duration timeout)
            throws InterruptedException, ExecutionException, TimeoutException {
        if (isMember()) {
            return applyHere(call, timeout);
        }
        Outcome<T> outcome = outcome(call, Deadline.in(timeout));
        if (outcome == null) {
            throw late(timeout);
        }
        return outcome.get();
    }

    /** Whether the caller is one of those that are at work. */
    boolean isMember() {
        Coroutine<?> current = Coroutine.current();
        return current != null && contains(current);
    }

    private <T extends @Nullable Object> T applyHere(Callable<T> call)
            throws InterruptedException, ExecutionException {
        try {
            return task(call).call();
        } catch (InterruptedException e) {
            throw e;
        } catch (Exception e) {
            throw new ExecutionException(e);
        }
    }

    private <T extends @Nullable Object> T applyHere(Callable<T> call, Duration timeout)
            throws InterruptedException, ExecutionException, TimeoutException {
        if (Coroutine.current() == null) { // a thread's work, which nothing can limit
            long deadline = Deadline.in(timeout);
            T value = applyHere(call);
            if (Deadline.isPast(deadline)) {
                throw late(timeout);
            }
            return value;
        }
        try (var limit = Timeout.start(timeout)) {
            try {
                return applyHere(call);
            } catch (InterruptedException | ExecutionException e) {
                if (limit.owns(e)) {
                    throw late(timeout);
                }
                throw e;
            }
        }
    }

    private static TimeoutException late(Duration timeout) {
        return new TimeoutException("the call has not ended within " + timeout);
    }

    private <T extends @Nullable Object> Outcome<T> outcome(Callable<T> call)
            throws InterruptedException, ExecutionException {
        return Objects.requireNonNull(outcome(call, Deadline.NEVER)); // never comes
    }

    /** Null if the deadline came first; then, or killed, it kills its member. */
    private <T extends @Nullable Object> @Nullable Outcome<T> outcome(
            Callable<T> call, long deadline) throws InterruptedException, ExecutionException {
        int before = kills();
        if (!takePlace(deadline)) {
            return null;
        }
        Coroutine<Outcome<T>> member = startInPlace(() -> Outcome.of(call), before);
        try {
            return ended(member, deadline) ? member.get() : null;
        } finally {
            member.kill(); // no effect on one that has ended
        }
    }

    private static boolean ended(Coroutine<?> member, long deadline) throws InterruptedException {
        if (deadline == Deadline.NEVER) {
            member.join();
            return true;
        }
        return member.join(Duration.ofNanos(Math.max(0, deadline - Deadline.now())));
    }

    /**
     * As {@link #apply(Callable)}, without waiting, not even for a place: the coroutine returned
     * begins when there is one, and is no member itself before that.
     */
    public <T extends @Nullable Object> Coroutine<T> applyAsync(Callable<T> call) {
        return new Coroutine<T>(place.get(), null, () -> outcome(call).getAsThrown()).start();
    }

    /**
     * What {@code mapper} makes of each item, all at once, in the order of the items. From a member
     * of a pool it is called directly, for one item after the other, as {@link #apply} is.
     *
     * @throws ExecutionException the first failure, in that order; items that have not been started
     *     by then never are
     * @throws java.util.concurrent.CancellationException if one was killed, or the group was
     */
    public <A extends @Nullable Object, R extends @Nullable Object> List<R> map(
            Iterable<? extends A> items, Mapper<? super A, ? extends R> mapper)
            throws InterruptedException, ExecutionException {
        var values = new ArrayList<R>();
        if (capacity() != Integer.MAX_VALUE && isMember()) {
            for (A item : items) {
                values.add(applyHere(() -> mapper.apply(item)));
            }
            return values;
        }
        try (Results<R> results = imap(items, mapper)) {
            for (Outcome<R> next; (next = results.take()) != null; ) {
                values.add(next.get());
            }
        }
        return values;
    }

    /** As {@link #map}, each result as soon as it and those before it are there. */
    public <A extends @Nullable Object, R extends @Nullable Object> Results<R> imap(
            Iterable<? extends A> items, Mapper<? super A, ? extends R> mapper) {
        return imap(items, mapper, Integer.MAX_VALUE);
    }

    /**
     * As {@link #imap(Iterable, Mapper)}, running ahead of the consumer by no more than {@code
     * maxBuffered} items.
     */
    public <A extends @Nullable Object, R extends @Nullable Object> Results<R> imap(
            Iterable<? extends A> items, Mapper<? super A, ? extends R> mapper, int maxBuffered) {
        return Results.of(this, items, mapper, maxBuffered, true);
    }

    /** As {@link #map}, each result as soon as it is there, in the order in which they come. */
    public <A extends @Nullable Object, R extends @Nullable Object> Results<R> imapUnordered(
            Iterable<? extends A> items, Mapper<? super A, ? extends R> mapper) {
        return imapUnordered(items, mapper, Integer.MAX_VALUE);
    }

    /**
     * As {@link #imapUnordered(Iterable, Mapper)}, running ahead of the consumer by no more than
     * {@code maxBuffered} items.
     */
    public <A extends @Nullable Object, R extends @Nullable Object> Results<R> imapUnordered(
            Iterable<? extends A> items, Mapper<? super A, ? extends R> mapper, int maxBuffered) {
        return Results.of(this, items, mapper, maxBuffered, false);
    }

    public boolean contains(Coroutine<?> coroutine) {
        return has(coroutine);
    }

    /** Those in the group now, in the order in which they came. */
    public List<Coroutine<?>> members() {
        return list();
    }

    /** How many are in the group. */
    public int size() {
        return count();
    }

    public Statistics statistics() {
        queue.lock();
        try {
            return new Statistics(size(), capacity(), spawners(), queue.size());
        } finally {
            queue.unlock();
        }
    }

    // ---- what makes a pool of a group

    /** Waits for a place; false if the deadline came first. */
    boolean takePlace(long deadline) throws InterruptedException {
        return true;
    }

    @Override
    void givePlace() {}

    int capacity() {
        return Integer.MAX_VALUE;
    }

    int spawners() {
        return 0;
    }

    /** What a coroutine does that shall do {@code body}. */
    <T extends @Nullable Object> Callable<T> task(Callable<T> body) {
        return body;
    }

    // ---- maps that are going on

    /** Starts what starts a map's items. */
    final Coroutine<?> feed(Callable<@Nullable Void> body, Consumer<Coroutine<?>> ended) {
        var feeder = new Coroutine<@Nullable Void>(place.get(), null, body);
        begin(feeder);
        feeder.watch(
                () -> {
                    end(feeder);
                    ended.accept(feeder);
                });
        return feeder.start();
    }
}
