package io.weft.load;

import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * What all workers of a run go by: whose turn it is to connect, when the exchange begins, when each
 * message is due, and when it is over. Any thread.
 *
 * <pre>
 *   awaitTurn ─ connect ─ endTurn ─ arrive ─ awaitBegin ─ (wants, next, due, isOver)* ─ leave
 *
 *   startedAt        countedFrom                         deadline   + GRACE     + timeout
 *       │    warm-up      │            duration              │ late sends │ replies  │
 *       └─────────────────┴──────────────────────────────────┴────────────┴──────────┘
 *         sent, not counted   what is due in here counts, whenever it comes
 * </pre>
 */
final class Schedule {
    /**
     * What was due before the end may be sent for so long after it: a client that wakes a moment
     * late, or whose collector has just run, has not lost a message.
     */
    static final Duration GRACE = Duration.ofMillis(100);

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
    private final AtomicInteger missing;
    private final CountDownLatch arrivals;
    private final CountDownLatch beginning = new CountDownLatch(1);
    private final CountDownLatch ends;
    private final AtomicBoolean connectedOnce = new AtomicBoolean();
    private volatile boolean interrupted;
    private volatile boolean stopped;

    // written before stopped, read after it
    private long stoppedAt;

    // written before beginning opens, read after it
    private long startedAt;
    private long countedFrom;
    private long deadline;
    private @Nullable Pace pace;

    Schedule(LoadOptions options, Clock clock) {
        this.options = options;
        this.clock = clock;
        this.missing = new AtomicInteger(options.connections());
        this.arrivals = new CountDownLatch(options.connections());
        this.ends = new CountDownLatch(options.connections());
        this.born = clock.nanoTime();
        this.connectPace =
                options.connectRate() == 0 ? null : new Pace(born, options.connectRate());
    }

    Clock clock() {
        return clock;
    }

    /** Waits until worker {@code index} may connect for the first time; it then owes an end. */
    void awaitFirstTurn(int index) throws InterruptedException {
        if (connectPace != null) {
            clock.sleepUntil(connectPace.due(index));
        } else if (isRamp()) {
            clock.sleepUntil(joins(index));
        }
        awaitTurn();
    }

    /** Waits until there is room to connect; the caller then owes {@link #endTurn()}. */
    void awaitTurn() throws InterruptedException {
        turns.acquire();
    }

    void endTurn() {
        turns.release();
    }

    private long joins(int index) {
        return born + index * (options.ramp().toNanos() / options.connections());
    }

    /**
     * A worker is connected, or its first try has failed. Once for each. Where none of them could
     * connect there is no server, and the run is over.
     */
    void arrive(boolean connected) {
        if (connected) {
            connectedOnce.set(true);
        }
        if (missing.decrementAndGet() == 0 && !connectedOnce.get()) {
            end(); // before anybody hears of the last arrival, and tries again
        }
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

    /** Ends the run early, as its user wants. The workers notice before their next message. */
    void stop() {
        interrupted |= !stopped;
        end();
    }

    private synchronized void end() {
        if (!stopped) {
            stoppedAt = clock.nanoTime();
            stopped = true;
        }
    }

    boolean isStopped() {
        return stopped;
    }

    /** Whether {@link #stop()} has ended the run. */
    boolean isInterrupted() {
        return interrupted;
    }

    /** Whether a connection that has sent {@code counted} messages that count shall send more. */
    boolean wants(long counted) {
        return !stopped && (options.messages() == 0 || counted < options.messages());
    }

    /**
     * The number of the first message of connection {@code index}: with a rate, what was due before
     * a ramp lets it join is not its.
     */
    long first(int index) {
        return pace != null && isRamp() ? dueBefore(index, joins(index)) : 0;
    }

    /**
     * The number of the message that connection {@code index} sends next, if {@code n} would be
     * next in order. What a rate had due in the warm-up and could not be sent is not caught up with
     * when the warm-up is over: it would be sent in place of what is measured.
     */
    long next(int index, long n, long now) {
        return pace != null && counts(now) ? Math.max(n, dueBefore(index, countedFrom)) : n;
    }

    /** How many messages of connection {@code index} are due before {@code time}, by the rate. */
    long dueBefore(int index, long time) {
        if (pace == null) {
            throw new IllegalStateException("only a rate says when messages are due");
        }
        int all = options.connections();
        return Math.max(0, pace.countBefore(time) - index + all - 1) / all;
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

    /** Whether nothing more is due at {@code time}. */
    boolean isOver(long time) {
        return options.duration() != null && time - deadline >= 0;
    }

    /** Whether what was due before is not sent any more. */
    boolean isTooLate(long time) {
        return isOver(isPaced() ? time - GRACE.toNanos() : time);
    }

    /** Whether what has been sent is not waited for any more. */
    boolean isClosed(long time) {
        return isOver(time - options.timeout().toNanos());
    }

    /**
     * Until when messages were due, asked when all have left: the end of the duration or a little
     * before the stop, since what is due at the stop cannot have been sent. Of a number of messages
     * that was not stopped all are due.
     *
     * @return null for all
     */
    @Nullable Long dueUntil() {
        if (stopped) {
            long stop = stoppedAt - GRACE.toNanos();
            return options.duration() != null && stop - deadline > 0 ? deadline : stop;
        }
        return options.duration() == null ? null : (Long) deadline;
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
     * The measured time in nanoseconds, asked when all have left: what the messages that count are
     * divided by. With a rate it is the time that they were due in, or sent, if that took longer;
     * else the duration, or until the last reply.
     *
     * @param lastSent when the last message was sent
     * @param lastReply when the last reply came
     */
    long measured(long lastSent, long lastReply) {
        long last = Math.max(0, (pace == null ? lastReply : lastSent) - countedFrom);
        // with a rate the last message, too, has its time to itself: 7 in a second are 7 a second
        long taken = pace == null || last == 0 ? last : last + pace.span(1);
        return Math.max(taken, planned());
    }

    private long planned() {
        Duration duration = options.duration();
        long planned = 0;
        if (duration != null) {
            planned = duration.toNanos();
        } else if (pace != null) {
            long most = Long.MAX_VALUE / options.connections();
            planned = pace.span(Math.min(most, options.messages()) * options.connections());
        }
        return stopped ? Math.max(0, Math.min(planned, stoppedAt - countedFrom)) : planned;
    }
}
