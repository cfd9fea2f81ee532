package io.weft;

import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelPromise;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.SingleThreadIoEventLoop;
import io.netty.util.concurrent.FastThreadLocalThread;

import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;

/**
 * Netty's event loop as one more coroutine of the loop (gevent: the hub greenlet). Being a virtual
 * thread it parks on a contended lock instead of blocking the carrier, so a coroutine that holds
 * the lock can go on and release it. One turn: what coroutines left for it, poll, timers, tasks;
 * then it yields to the coroutines. Loop-confined, but for {@link #wakeUp()} and what Netty makes
 * safe itself.
 */
final class Hub extends SingleThreadIoEventLoop {
    /**
     * After so many woken coroutines the hub lets them run, within a batch of events. Measured
     * against yielding after each (dearer at 100 connections) and after the whole batch (each
     * connection's memory touched three times far apart: dearer at 1 000).
     */
    private static final int YIELD_AFTER = 16;

    private static final long TASK_NANOS = TimeUnit.MILLISECONDS.toNanos(1);
    private static final long CLOSE_NANOS = TimeUnit.SECONDS.toNanos(1);
    private static final long NOTHING_SCHEDULED = -1;

    private final Loop loop;
    private final Carrier carrier;
    private final Set<Channel> open = Collections.newSetFromMap(new IdentityHashMap<>());
    private final ChannelFutureListener forget = closed -> open.remove(closed.channel());
    private final boolean usesIoUring;
    private final boolean usesNio;
    private boolean mayBlock; // in the poll of this turn
    private boolean ending; // then it polls, but does not sleep

    Hub(Loop loop, Carrier carrier, String name, IoHandlerFactory io) {
        super(
                null,
                (Executor)
                        command ->
                                VirtualThreads.newDetachedThread(
                                                carrier,
                                                name,
                                                () -> {
                                                    try {
                                                        FastThreadLocalThread
                                                                .runWithFastThreadLocal(command);
                                                    } finally {
                                                        loop.hubEnded();
                                                        carrier.hubEnded();
                                                    }
                                                })
                                        .start(),
                io);
        this.loop = loop;
        this.carrier = carrier;
        this.usesIoUring = loop.group().transport() == Transport.IO_URING;
        this.usesNio = loop.group().transport() == Transport.NIO;
    }

    @Override
    protected void run() {
        try {
            runToTheEnd();
        } catch (Throwable e) {
            carrier.fatal(e); // Netty would say so in the log, and have the loop end
            throw e;
        }
    }

    private void runToTheEnd() {
        ioHandler().initialize();
        do {
            turn();
        } while (!ending && !confirmShutdown());
        ending = true;
        closeChannels();
        var _ = shutdownGracefully(0, 0, TimeUnit.NANOSECONDS);
        do {
            turn(); // at least one, in which the I/O handler is told
        } while (!confirmShutdown());
        // Channels closed last leave work behind (closes, wake-ups); nothing may wait for a hub
        // that has gone.
        loop.hubTasks().run();
    }

    /** Has the hub end after this turn. On the loop. */
    void end() {
        ending = true;
    }

    /**
     * io_uring closes a channel only when the kernel has given back what it was to read into, and
     * is itself asked to close it by a submission: a hub that ended before would lose buffers and
     * files. The others close theirs at once, when they are told to prepare for the end of the
     * loop. With io_uring none is left to be told then, and it must not be: it would wake itself,
     * and the kernel could write that wake-up into memory that has been freed meanwhile (seen: a
     * heap corrupted by eight bytes, on Netty 4.2.18 and Linux 6.18).
     */
    private void closeChannels() {
        List.copyOf(open).forEach(Channel::close);
        long until = System.nanoTime() + CLOSE_NANOS;
        while (!open.isEmpty() && System.nanoTime() - until < 0) {
            turn();
        }
        turn(); // submits the last
    }

    /** Keeps the channels of io_uring, until they are closed. Any thread. */
    @Override
    public ChannelFuture register(ChannelPromise promise) {
        if (usesIoUring) {
            if (inEventLoop()) {
                keep(promise.channel());
            } else {
                execute(() -> keep(promise.channel()));
            }
        }
        return super.register(promise);
    }

    private void keep(Channel channel) {
        open.add(channel);
        channel.closeFuture().addListener(forget); // at once, if it was quicker
    }

    private void turn() {
        loop.hubTasks().run();
        mayBlock = !hasWork();
        if (mayBlock) {
            carrier.pollBegins();
        }
        try {
            runIo();
        } finally {
            carrier.pollEnds();
        }
        if (isShuttingDown() && (!usesIoUring || !open.isEmpty())) {
            ioHandler().prepareToDestroy();
        }
        loop.timers().fire();
        runAllTasks(TASK_NANOS);
        if (carrier.hasWork()) {
            letCoroutinesRun();
        }
    }

    /**
     * To be called where a batch of events can be interrupted: lets the coroutines run if enough
     * were woken.
     */
    void checkpoint() {
        if (carrier.readyCount() >= YIELD_AFTER) {
            carrier.pollEnds();
            letCoroutinesRun();
            loop.hubTasks().run();
        }
    }

    @SuppressWarnings("ThreadPriorityCheck") // the scheduler is our own
    private static void letCoroutinesRun() {
        try {
            Thread.yield();
        } catch (OutOfMemoryError e) {
            OutOfMemory.noticed(e); // to unmount it: it tries again in the next turn
        }
    }

    /** Any thread. */
    void wakeUp() {
        ioHandler().wakeup();
    }

    private boolean hasWork() {
        return ending
                || carrier.hasWork()
                || !loop.hubTasks().isEmpty()
                || super.hasTasks()
                || loop.timers().hasDue();
    }

    /**
     * Whether the poll must not block; NIO's may always, but for no time (see {@link #delayNanos}):
     * told not to block, Netty's handler repeats the last wake-up in each turn, with a write.
     */
    @Override
    protected boolean hasTasks() {
        return !usesNio && hasWork();
    }

    @Override
    protected boolean wakesUpForTask(Runnable task) {
        // A coroutine of this loop runs, so the hub does not sleep.
        return !carrier.isDrivenBy(VirtualThreads.currentCarrier());
    }

    @Override
    protected long deadlineNanos() {
        long netty = nextScheduledTaskDeadlineNanos();
        long own = loop.timers().earliest();
        if (own == Deadline.NEVER) {
            return netty;
        }
        // the same number each time, so that epoll need not arm its timer anew
        long deadline = own - ticker().initialNanoTime();
        return netty == NOTHING_SCHEDULED || deadline - netty < 0 ? deadline : netty;
    }

    @Override
    protected long delayNanos(long now) {
        if (usesNio && (!mayBlock || hasWork())) {
            return 0;
        }
        long netty = super.delayNanos(now);
        long own = loop.timers().earliest();
        return own == Deadline.NEVER ? netty : Math.min(netty, Math.max(0, own - now));
    }
}
