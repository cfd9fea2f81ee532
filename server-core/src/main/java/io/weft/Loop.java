package io.weft;

import io.netty.channel.EventLoop;
import io.netty.util.collection.LongObjectHashMap;

import org.jspecify.annotations.Nullable;
import org.slf4j.LoggerFactory;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * One event loop and the coroutines that live on it. They never run at the same time, switch only
 * where they block, and need no locks among themselves.
 *
 * <pre>
 *  carrier: one platform thread
 *  ├─ ready queue     coroutines of this loop, first in first out
 *  ├─ foreign queue   wake-ups from other threads
 *  └─ hub             a coroutine itself: Netty's event loop, polling, pipelines, timers
 *
 *  hub ── mailbox ──▶ coroutine     hub ◀── outbound queue ── coroutine
 * </pre>
 *
 * <p>Methods are for any thread unless they say otherwise; fields below the line are loop-confined.
 *
 * <p>Differences from gevent: there may be several loops in one process, one per core by default
 * (see {@link LoopGroup}); a coroutine stays on the loop on which it was started.
 */
public final class Loop {
    /** What {@link #progress()} is while a loop has nothing to do. */
    public static final long ASLEEP = -1;

    /** All loops that have not ended, for those who look on; a loop is made seldom. */
    private static final List<Loop> LIVING = new CopyOnWriteArrayList<>();

    final LoopGroup group;
    private final int index;
    private final String name;
    private final Clock clock;
    private final Carrier carrier;
    private final Hub hub;
    private volatile boolean stopping;

    // ---- loop-confined
    private final LoopTimers timers;
    private final HubTasks hubTasks = new HubTasks(this);
    private final LongObjectHashMap<Coroutine<?>> coroutines = new LongObjectHashMap<>();
    private final IdentityHashMap<LoopLocal<?>, Object> locals = new IdentityHashMap<>();
    int unheard; // kills and limits that have struck, and no blocking call has thrown yet

    Loop(LoopGroup group, int index, String name, Transport transport, Clock clock) {
        this.group = group;
        this.index = index;
        this.name = name;
        this.clock = clock;
        this.timers = new LoopTimers(clock);
        this.carrier = new Carrier(this, name);
        this.hub = new Hub(this, carrier, name + "-hub", transport.ioHandlerFactory());
        hub.execute(() -> {}); // starts the hub's thread: the carrier's first continuation
        carrier.start();
        LIVING.add(this);
        LoopWatcher.start();
    }

    /** All loops of this process that have not ended, in the order in which they were made. */
    public static List<Loop> all() {
        return Collections.unmodifiableList(LIVING);
    }

    static boolean isAnyLiving() {
        return !LIVING.isEmpty();
    }

    /** The loop whose coroutine (or hub) the caller is; null on any other thread. */
    public static @Nullable Loop current() {
        return VirtualThreads.currentCarrier() instanceof CarrierThread own ? own.loop() : null;
    }

    /** As {@link #current()}, for calls that make sense in a coroutine only. */
    static Loop require(String call) {
        Loop loop = current();
        if (loop == null) {
            throw new IllegalStateException(
                    call
                            + " needs a coroutine, but "
                            + Thread.currentThread()
                            + " runs on no loop; start with Weft.run(...) or Loop.spawn(...)");
        }
        return loop;
    }

    /** Whether the caller runs on this loop. */
    public boolean isCurrent() {
        Thread own = VirtualThreads.currentCarrier();
        return carrier.isDrivenBy(own)
                || (own instanceof CarrierThread left
                        && left.carrier == carrier
                        && left.loop() != null);
    }

    public LoopGroup group() {
        return group;
    }

    /** Position in its group, from 0; the {@link LoopGroup#acceptor()} comes behind the others. */
    public int index() {
        return index;
    }

    public String name() {
        return name;
    }

    /**
     * Netty's view of this loop, to register channels with. Its tasks run on the hub: they must not
     * block.
     */
    public EventLoop eventLoop() {
        return hub;
    }

    /** The clock of this loop's timers: nanoseconds from an arbitrary point. */
    public long nanoTime() {
        return clock.nanoTime();
    }

    /**
     * {@link #nanoTime()} when this loop last looked at its clock, which it does once in each of
     * its turns: for free, and behind by as long as coroutines have been running since. On the
     * loop.
     */
    public long coarseNanoTime() {
        return timers.looked();
    }

    /**
     * Starts a coroutine on this loop; it never runs inline. From the loop itself: in FIFO order.
     */
    public <T> Coroutine<T> spawn(Callable<T> body) {
        return spawn(null, body);
    }

    /** As {@link #spawn(Callable)}, with a name for dumps and reports. */
    public <T> Coroutine<T> spawn(@Nullable String name, Callable<T> body) {
        return new Coroutine<>(this, name, body).start();
    }

    /**
     * As {@link #spawn(String, Callable)}, with nothing of the caller's: no inheritable locals,
     * nothing of {@link Contexts}, the system's class loader. For what outlives the caller and
     * serves others as well (Swift: Task.detached).
     */
    public <T> Coroutine<T> spawnDetached(@Nullable String name, Callable<T> body) {
        return new Coroutine<>(this, name, body, false).start();
    }

    /**
     * As {@link #spawn(Callable)}, started after {@code delay}; killed before that, it never runs
     * (gevent: spawn_later). Any thread.
     */
    public <T extends @Nullable Object> Coroutine<T> spawnLater(Duration delay, Callable<T> body) {
        return Delayed.spawn(this, delay, body);
    }

    /**
     * The cheapest start (gevent: spawn_raw): no value, no join, no kill, no {@link Coroutine}
     * unless the body asks for {@link Coroutine#current()}. What it throws is reported. The end of
     * the loop does not wait for it.
     */
    public void spawnRaw(Action body) {
        Action work = Contexts.areTakenAlong() ? Contexts.wrap(Weft.asCallable(body))::call : body;
        newThread(null, () -> runRaw(work)).start();
    }

    private void runRaw(Action body) {
        if (!isCurrent() || stopping) {
            return;
        }
        try {
            body.run();
        } catch (Throwable e) {
            OutOfMemory.noticed(e);
            FailureLog.report(LoggerFactory.getLogger(Loop.class), "a raw coroutine of " + name, e);
        }
    }

    /**
     * Runs {@code call} on this loop, in a coroutine of its own, and waits for its value; from this
     * loop itself it is called directly. Interrupting the waiter kills the coroutine.
     *
     * @throws Exception what the call threw
     */
    public <T extends @Nullable Object> T call(Callable<T> call) throws Exception {
        return isCurrent() ? call.call() : new LoopCall<>(this, call).make();
    }

    /** Whether this loop is shutting down or has ended: what is started on it now never runs. */
    public boolean isStopping() {
        return stopping;
    }

    /** Whether this loop has ended. */
    public boolean hasEnded() {
        return carrier.hasEnded();
    }

    /** How many coroutines started by Weft live on this loop. To be asked on the loop. */
    public int coroutineCount() {
        return coroutines.size();
    }

    /**
     * A number that grows as the loop goes from one coroutine to the next and to the poller: two
     * equal ones at different times mean that somebody has held the loop in between. {@link
     * #ASLEEP} while there is nothing to do.
     */
    public long progress() {
        return carrier.progress();
    }

    /**
     * The virtual thread that runs on this loop or was the last to: a coroutine's or the hub's;
     * null if this JDK does not tell.
     */
    public @Nullable Thread runningThread() {
        return carrier.active();
    }

    /** How many timers are set on this loop. To be asked on the loop. */
    public int timerCount() {
        return timers.size();
    }

    /**
     * Leaves {@code task} for the hub's next turn. Loop-confined; does nothing if it is left
     * already.
     */
    public void onHub(HubTask task) {
        hubTasks.add(task);
    }

    /**
     * For channel handlers, at the end of what they do for one connection: lets the coroutines run
     * if enough have been woken, while the memory of their connections is still close. On the hub
     * only.
     */
    public void checkpoint() {
        hub.checkpoint();
    }

    /**
     * To be called where a coroutine is about to wait.
     *
     * @throws IllegalStateException if the caller is the hub, which must never wait
     */
    public void checkMayBlock(String call) {
        if (hub.inEventLoop()) {
            throw new IllegalStateException(
                    call
                            + " would block the hub of "
                            + name
                            + "; do it in a coroutine: loop.spawn(...)");
        }
        if (unheard != 0) {
            Cancellation.waitBegins();
        }
    }

    /**
     * To be called where a coroutine of this loop has waited: it may have been pinned, and then the
     * loop has gone on without it ({@link Relief}).
     */
    public void rejoin() {
        boolean _ = isCurrent(); // it takes the loop back
    }

    /**
     * Whether the JDK cannot take the running coroutine off its thread, as in a class initialiser:
     * then nobody else of this loop goes on while it waits, unless it waits for long ({@link
     * Relief}). Found out by a switch: where it can, everyone who is ready runs first. In a
     * coroutine of this loop.
     */
    public boolean isPinned() {
        return Parking.isPinned(carrier);
    }

    @Override
    public String toString() {
        return name;
    }

    // ---- what follows is for this package

    Hub hub() {
        return hub;
    }

    Carrier carrier() {
        return carrier;
    }

    LoopTimers timers() {
        return timers;
    }

    HubTasks hubTasks() {
        return hubTasks;
    }

    IdentityHashMap<LoopLocal<?>, Object> locals() {
        return locals;
    }

    /** With what the caller hands down. */
    Thread newThread(@Nullable String name, Runnable body) {
        return VirtualThreads.newThread(carrier, name, body);
    }

    /** For what is nobody's. */
    Thread newDetachedThread(@Nullable String name, Runnable body) {
        return VirtualThreads.newDetachedThread(carrier, name, body);
    }

    void register(Thread thread, Coroutine<?> coroutine) {
        coroutines.put(key(thread), coroutine);
    }

    void unregister(Thread thread) {
        coroutines.remove(key(thread));
        if (stopping && coroutines.isEmpty()) {
            hub.end();
        }
    }

    @Nullable Coroutine<?> coroutineOf(Thread thread) {
        return coroutines.get(key(thread));
    }

    /**
     * Consecutive ids would fill consecutive places of the map's open table, and each removal would
     * look through all that follow. The golden ratio scatters them (Knuth, TAOCP 3, 6.4).
     */
    private static long key(Thread thread) {
        return thread.threadId() * 0x9E3779B97F4A7C15L;
    }

    /**
     * The coroutines that live on this loop: those started by Weft that have begun to run. To be
     * asked on the loop.
     */
    public List<Coroutine<?>> coroutines() {
        return new ArrayList<>(coroutines.values());
    }

    /** Kills every coroutine, waits up to {@code grace} for them to end, then ends the loop. */
    void shutDown(Duration grace) {
        long graceNanos = Deadline.nanos(grace);
        if (hasEnded()) {
            return;
        }
        carrier.execute(() -> stop(graceNanos)); // the hub may wait for who is to be killed
    }

    private void stop(long graceNanos) {
        if (stopping) {
            return; // one kill, one grace: the first
        }
        stopping = true;
        new Shutdown(this, graceNanos).begin();
    }

    /** The last thing on the hub's thread: no timer or coroutine is left waiting for this loop. */
    void hubEnded() {
        timers.close();
        coroutines().forEach(Coroutine::kill);
    }

    /** The last thing on the carrier, when nobody is left who could use them. */
    void closeLocals() {
        for (Object value : locals.values()) {
            if (value instanceof AutoCloseable closeable) {
                try {
                    closeable.close();
                } catch (Exception e) {
                    LoggerFactory.getLogger(Loop.class)
                            .warn("{}: {} did not close", name, value, e);
                }
            }
        }
        locals.clear();
        LIVING.remove(this);
    }
}
