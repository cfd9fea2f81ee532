package io.weft.load;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.io.PrintWriter;
import java.net.SocketTimeoutException;
import java.util.regex.Pattern;

/**
 * One connection's life: connect, wait for the others, then send a message, wait for its reply, and
 * again; a few messages may be on their way at once. Where the connection ends, be it in order or
 * not, another one takes its place. Nothing is allocated per message. {@link #run()} is for its own
 * thread or coroutine, {@link #settle()} for the leader when it has ended, the rest for any thread.
 */
final class Worker implements Runnable {
    /** How Netty's native transports begin what the system said. */
    private static final Pattern NATIVE_CALL =
            Pattern.compile("^[\\w ]+\\(\\.\\.\\) failed with error\\(-?\\d+\\): ");

    private static final int STEPS = 10_000;

    private final int index;
    private final Dialogue dialogue;
    private final LoadOptions options;
    private final Schedule schedule;
    private final Clock clock;
    private final Tally tally;
    private final @Nullable PrintWriter print;
    private final Waiting waiting = new Waiting();
    private volatile boolean begun;

    // of the exchange
    private final Flight flight;
    private final Backoff backoff = new Backoff();
    private boolean open;
    private long next; // the number that the schedule knows it by
    private long now;
    private long bytes;
    private long lastSent;
    private long lastReply;
    private int status;
    private long statusCount; // answers with that status that the tally does not know yet

    /**
     * @param print where each reply is printed; null for nowhere
     */
    Worker(
            int index,
            Dialogue dialogue,
            LoadOptions options,
            Schedule schedule,
            Tally tally,
            @Nullable PrintWriter print) {
        this.index = index;
        this.dialogue = dialogue;
        this.options = options;
        this.schedule = schedule;
        this.clock = schedule.clock();
        this.tally = tally;
        this.print = print;
        this.flight = new Flight(schedule, tally, options.depth());
    }

    @Override
    public void run() {
        begun = true;
        lastSent = clock.nanoTime();
        lastReply = lastSent;
        try (dialogue) {
            arrive();
            schedule.awaitBegin();
            exchange();
        } catch (InterruptedException e) {
            // stopped while it slept
        } catch (Error e) { // as OutOfMemoryError: this connection's end, and to be said
            tally.failed(ErrorKind.BROKEN, reason(e));
        } finally {
            waiting.end();
            flight.lose(clock.nanoTime());
            tally.answered(status, statusCount);
            tally.ended(bytes, lastSent, lastReply);
            dialogue.release();
            schedule.leave();
        }
    }

    /** In place of {@link #run()}, if there is nobody to run it. */
    void neverRun(Exception cause) {
        failed(ErrorKind.START, cause);
        schedule.arrive(false);
        schedule.leave();
    }

    /**
     * Has {@link #run()} begun? Only then may this worker be ended from outside: a coroutine killed
     * before its first step never takes it, and the run would wait for it for ever.
     */
    boolean hasBegun() {
        return begun;
    }

    /** How long it has been waiting for its server. */
    long waitingNanos(long time) {
        return waiting.nanos(time);
    }

    /** Whether its wait is to be ended by {@link #expire}. */
    boolean isOverdue(long time) {
        return waiting.isOverdue(time, limit(time));
    }

    /** Ends a wait that is overdue; in the crew's {@link Crew#onBehalfOf}. */
    void expire(long time) {
        waiting.expire(time, limit(time), dialogue::abort);
    }

    /** As long as the options say, but not longer than that after the end. */
    private long limit(long time) {
        return schedule.isClosed(time) ? 0 : options.timeout().toNanos();
    }

    private void arrive() throws InterruptedException {
        try {
            if (!schedule.isStopped()) {
                schedule.awaitFirstTurn(index);
                connect();
            }
        } finally {
            schedule.arrive(open);
        }
    }

    /** In a turn, which it ends. */
    private void connect() {
        try {
            dialogue.connect();
            tally.connected();
            open = true;
        } catch (IOException | RuntimeException e) {
            failed(ErrorKind.CONNECT, e);
            dialogue.close();
            backoff.failed(clock.nanoTime());
        } finally {
            schedule.endTurn();
        }
    }

    private void exchange() throws InterruptedException {
        now = clock.nanoTime();
        lastSent = schedule.countedFrom();
        lastReply = lastSent;
        next = schedule.first(index);
        while (true) {
            try {
                sendWhatIsDue();
                if (flight.isEmpty()) {
                    break;
                }
                takeReply();
            } catch (IOException | RuntimeException e) {
                breakOff(e);
            }
        }
        if (open) {
            dialogue.sayGoodbye();
        }
    }

    /** All of it, as far as there is room; leaves it where the run is over before. */
    private void sendWhatIsDue() throws IOException, InterruptedException {
        do {
            if (open && dialogue.isOver()) {
                leave();
            }
            while (flight.isUnwritten()) {
                if (!open && !connectAgain()) {
                    flight.lose(now);
                    return;
                }
                lastSent = now;
                waiting.begin(now); // a server that does not read makes us wait here
                dialogue.send(flight.write());
            }
        } while (flight.hasRoom() && takeNext());
    }

    /** Takes the next message from the schedule; false if there is none yet, or none any more. */
    private boolean takeNext() throws IOException, InterruptedException {
        if (!schedule.wants(flight.counted())) {
            return false;
        }
        skipWarmUp(schedule.next(index, next, now));
        long due = schedule.due(index, next, now);
        if (schedule.isOver(due) || schedule.isTooLate(now)) {
            return false;
        }
        if (due - now > 0) {
            if (!flight.isEmpty()) {
                return false; // replies that may be here already come first
            }
            if (open) {
                dialogue.pause(clock, due);
            } else {
                clock.sleepUntil(due);
            }
            if (!schedule.isPaced()) {
                due = clock.nanoTime(); // waking late is none of the server's doing
            }
            now = due;
        }
        flight.take(due);
        next++;
        return true;
    }

    private void skipWarmUp(long to) {
        if (to > next) {
            tally.skipped(to - next);
            next = to;
        }
    }

    private void takeReply() throws IOException {
        waiting.begin(now);
        Fault fault = dialogue.receive(flight.oldest());
        if (!waiting.end()) {
            throw new SocketTimeoutException(); // its connection has just been ended
        }
        now = clock.nanoTime();
        backoff.answered();
        long due = flight.due();
        if (schedule.counts(due)) {
            lastReply = now;
            bytes += dialogue.bytes();
            tally.replied(now - due);
            count(dialogue.status());
        } else {
            tally.warmedUp(now - due);
        }
        if (fault != null) {
            tally.mismatch(
                    fault.kind(),
                    "connection " + index + ", message " + flight.oldest() + ": " + fault.text());
        }
        if (print != null) {
            print.println(
                    "["
                            + Thread.currentThread().threadId()
                            + "] recv server "
                            + Printable.whole(dialogue.reply()));
        }
        flight.answer();
    }

    /** Most answers are alike: the tally hears of them when they change. */
    private void count(int answered) {
        if (answered != status) {
            tally.answered(status, statusCount);
            status = answered;
            statusCount = 0;
        }
        statusCount++;
    }

    /** The connection is lost. */
    private void breakOff(Exception cause) {
        boolean expired = !waiting.end() || cause instanceof SocketTimeoutException;
        now = clock.nanoTime();
        if (!expired && !schedule.isStopped() && dialogue.mayRepeat()) {
            leave();
            return;
        }
        if (expired) {
            tally.failed(ErrorKind.TIMEOUT, "");
        } else {
            failed(ErrorKind.BROKEN, cause);
        }
        flight.lose(now);
        leave();
        backoff.failed(now);
        if (options.duration() == null) {
            lastReply = now; // the time until that was known was none in which replies came
        }
    }

    /** What has no reply on this connection is to be written on the next one. */
    private void leave() {
        waiting.end();
        dialogue.close();
        open = false;
        flight.rewind();
    }

    /**
     * Connects, as often as it takes while the run lasts; a number of messages, which has no time,
     * is given up after the limit on connecting.
     *
     * @return whether there is a connection, and time to use it
     */
    private boolean connectAgain() throws InterruptedException {
        long since = clock.nanoTime();
        now = since;
        while (!isTooLate(since)) {
            long pause = backoff.nanos(now);
            if (pause > 0) {
                clock.sleepUntil(now + pause);
            } else {
                schedule.awaitTurn();
                connect();
            }
            now = clock.nanoTime();
            if (open) {
                return !schedule.isStopped();
            }
        }
        return false;
    }

    private boolean isTooLate(long since) {
        return schedule.isStopped()
                || schedule.isTooLate(now)
                || (options.duration() == null && now - since > options.timeout().toNanos());
    }

    /**
     * Counts what a rate had due and was never sent, with how late it was at the end. By steps
     * where it is very much: a ten-thousandth of the time is finer than anybody looks.
     */
    void settle() {
        if (!schedule.isPaced()) {
            return;
        }
        next = Math.max(next, schedule.first(index));
        Long until = schedule.dueUntil();
        long due = until == null ? Long.MAX_VALUE : schedule.dueBefore(index, until);
        long warmUp = schedule.dueBefore(index, schedule.countedFrom());
        skipWarmUp(Math.min(warmUp, due));
        long wanted =
                options.messages() == 0
                        ? Long.MAX_VALUE
                        : Math.max(next, warmUp) + options.messages() - flight.counted();
        long end = Math.min(due, wanted);
        long time = until == null ? clock.nanoTime() : until;
        long step = Math.max(1, (end - next) / STEPS);
        for (; next < end; next += step) {
            long count = Math.min(step, end - next);
            tally.notSent(time - schedule.due(index, next + count / 2, time), count);
        }
    }

    /** What ended this connection too early; the end of the run itself is nothing of the kind. */
    private void failed(ErrorKind kind, Exception cause) {
        if (!schedule.isStopped()) {
            tally.failed(kind, reason(cause));
        }
    }

    /**
     * The root of it, which names no ports: the same reason shall read the same for all
     * connections.
     */
    private static String reason(Throwable cause) {
        Throwable root = cause;
        while (root.getCause() != null) {
            root = root.getCause();
        }
        String message = root.getMessage();
        return message == null
                ? root.getClass().getSimpleName()
                : NATIVE_CALL.matcher(message).replaceFirst("");
    }
}
