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
 *   awaitTurn ─ connect ─ endTurn ─ arrive ─ awaitBegin ─ (wants, due, isOver)* ─ leave
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
    private final Semaphore turns = new Semaphore(CONNECTING);
    private final CountDownLatch arrivals;
    private final CountDownLatch beginning = new CountDownLatch(1);
    private final CountDownLatch ends;
    private volatile boolean stopped;

    // written before beginning opens, read after it
    private long startedAt;
    private long deadline;
    private @Nullable Pace pace;

    Schedule(LoadOptions options, Clock clock) {
        this.options = options;
        this.clock = clock;
        this.arrivals = new CountDownLatch(options.connections());
        this.ends = new CountDownLatch(options.connections());
        this.connectPace =
                options.connectRate() == 0
                        ? null
                        : new Pace(clock.nanoTime(), options.connectRate());
    }

    Clock clock() {
        return clock;
    }

    /** Waits until worker {@code index} may connect; it then owes {@link #endTurn()}. */
    void awaitTurn(int index) throws InterruptedException {
        if (connectPace != null) {
            clock.sleepUntil(connectPace.due(index));
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

    /** Lets the workers go, all at once: the measured time starts. */
    void begin() {
        startedAt = clock.nanoTime();
        Duration duration = options.duration();
        deadline = duration == null ? 0 : startedAt + duration.toNanos();
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

    /** Whether a connection that has sent {@code sent} messages shall send more. */
    boolean wants(long sent) {
        return !stopped && (options.messages() == 0 || sent < options.messages());
    }

    /**
     * When message {@code n} of connection {@code index} is due: {@code now} without a rate. With
     * one, the connections take turns, so that the load is even, and a message that could not be
     * sent in time keeps its time.
     */
    long due(int index, long n, long now) {
        return pace == null ? now : pace.due(index + n * options.connections());
    }

    /** Whether {@code time} is after the end of the run's duration. */
    boolean isOver(long time) {
        return options.duration() != null && time - deadline >= 0;
    }

    /** When the measured time started. To be asked after {@link #begin()}. */
    long startedAt() {
        return startedAt;
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
            return lastReply - startedAt;
        }
        long planned = Math.min(now - startedAt, deadline - startedAt);
        return Math.max(planned, lastReply - startedAt);
    }
}
