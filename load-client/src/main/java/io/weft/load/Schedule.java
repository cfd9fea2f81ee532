package io.weft.load;

import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/**
 * What all workers of a run go by: whose turn it is to connect, when the exchange begins, when each
 * message is due, and when it is over. Any thread.
 *
 * <pre>
 *   awaitTurn ─ connect ─ endTurn ─ arrive ─ awaitBegin ─ (wants, due, isOver, counts)* ─ leave
 * </pre>
 */
final class Schedule {
    /**
     * How many connections are being made at once: fewer than servers keep waiting to be accepted
     * (Netty, nginx and Weft 511 to 4096), since Linux drops what comes beyond that and tries again
     * only after a second.
     */
    private static final int CONNECTING = 256;

    private final LoadOptions options;
    private final Clock clock;
    private final @Nullable Pace connectPace;
    private final long born;
    private final Semaphore turns = new Semaphore(CONNECTING);
    private final CountDownLatch arrivals;
    private final CountDownLatch beginning = new CountDownLatch(1);
    private final CountDownLatch ends;
    private volatile boolean stopped;

    // written before beginning opens, read after it
    private long startedAt;
    private long countedFrom;
    private long deadline;
    private @Nullable Pace pace;

    Schedule(LoadOptions options, Clock clock) {
        this.options = options;
        this.clock = clock;
        this.arrivals = new CountDownLatch(options.connections());
        this.ends = new CountDownLatch(options.connections());
        this.born = clock.nanoTime();
        this.connectPace =
                options.connectRate() == 0 ? null : new Pace(born, options.connectRate());
    }

    Clock clock() {
        return clock;
    }

    /** Waits until worker {@code index} may connect; it then owes {@link #endTurn()}. */
    void awaitTurn(int index) throws InterruptedException {
        if (connectPace != null) {
            clock.sleepUntil(connectPace.due(index));
        } else if (isRamp()) {
            long each = options.ramp().toNanos() / options.connections();
            clock.sleepUntil(born + index * each);
        }
        turns.acquire();
    }

    void endTurn() {
        turns.release();
    }

    /** A worker is connected, or never will be. Once for each. */
    void arrive() {
        arrivals.countDown();
    }

    /** A worker has ended. Once for each. */
    void leave() {
        ends.countDown();
    }

    /** False if they have not all arrived in that time. */
    boolean awaitArrivals(Duration limit) throws InterruptedException {
        return arrivals.await(limit.toNanos(), TimeUnit.NANOSECONDS);
    }

    /** False if they have not all left in that time. */
    boolean awaitEnds(Duration limit) throws InterruptedException {
        return ends.await(limit.toNanos(), TimeUnit.NANOSECONDS);
    }

    /** Whether a rate says when messages are due. */
    boolean isPaced() {
        return options.rate() > 0;
    }

    /** Whether connections join one by one, and each begins at once. */
    boolean isRamp() {
        return options.ramp().isPositive();
    }

    /** Lets the workers go, all at once: the measured time starts, after the warm-up. */
    void begin() {
        startedAt = clock.nanoTime();
        countedFrom = startedAt + options.warmup().toNanos();
        Duration duration = options.duration();
        deadline = duration == null ? 0 : countedFrom + duration.toNanos();
        pace = options.rate() == 0 ? null : new Pace(startedAt, options.rate());
        beginning.countDown();
    }

    void awaitBegin() throws InterruptedException {
        beginning.await();
    }

    /** Ends the run early. The workers notice before their next message. */
    void stop() {
        stopped = true;
    }

    boolean isStopped() {
        return stopped;
    }

    /** Whether a connection that has sent {@code counted} messages that count shall send more. */
    boolean wants(long counted) {
        return !stopped && (options.messages() == 0 || counted < options.messages());
    }

    /**
     * When message {@code n} of connection {@code index} is due: {@code now} without a rate, or
     * when there was time to think. With a rate the connections take turns, so that the load is
     * even, and a message that could not be sent in time keeps its time.
     */
    long due(int index, long n, long now) {
        if (pace != null) {
            return pace.due(index + n * options.connections());
        }
        return n == 0 ? now : now + options.think().toNanos();
    }

    /** Whether a message due then counts: in the warm-up none does. */
    boolean counts(long due) {
        return due - countedFrom >= 0;
    }

    /** Whether {@code time} is after the end of the run's duration. */
    boolean isOver(long time) {
        return options.duration() != null && time - deadline >= 0;
    }

    /** When messages were first sent. To be asked after {@link #begin()}. */
    long startedAt() {
        return startedAt;
    }

    /** When the measured time started: after the warm-up. To be asked after {@link #begin()}. */
    long countedFrom() {
        return countedFrom;
    }

    /**
     * The measured time in nanoseconds, asked when all have left.
     *
     * @param lastReply when the last reply came
     * @param now when the last worker left; later than lastReply where one waited in vain for its
     *     reply
     */
    long measured(long lastReply, long now) {
        if (options.duration() == null) {
            return Math.max(0, lastReply - countedFrom);
        }
        long planned = Math.max(0, Math.min(now - countedFrom, deadline - countedFrom));
        return Math.max(planned, lastReply - countedFrom);
    }
}
