package io.weft.load;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.io.PrintWriter;
import java.util.concurrent.atomic.AtomicLong;
import java.util.regex.Pattern;

/**
 * One connection's life: connect, wait for the others, then send a message, wait for its reply, and
 * again; a few messages may be on their way at once. Where the server announces that it ends the
 * connection (HTTP), another one takes its place. Nothing is allocated per message. {@link #run()}
 * is for its own thread or coroutine, the rest for any thread.
 */
final class Worker implements Runnable {
    private static final long IDLE = Long.MIN_VALUE;

    /** How Netty's native transports begin what the system said. */
    private static final Pattern NATIVE_CALL =
            Pattern.compile("^[\\w ]+\\(\\.\\.\\) failed with error\\(-?\\d+\\): ");

    private final int index;
    private final Dialogue dialogue;
    private final Schedule schedule;
    private final Tally tally;
    private final @Nullable PrintWriter print;
    private final AtomicLong waitingSince = new AtomicLong(IDLE);
    private volatile boolean begun;
    private volatile boolean overdue;

    // of the exchange
    private final long[] dueTimes; // of messages on their way
    private long sent;
    private long answered;
    private long counted; // those sent that count
    private long now;
    private long bytes;
    private long lastReply;

    /**
     * @param depth how many messages are on their way at once
     * @param print where each reply is printed; null for nowhere
     */
    Worker(
            int index,
            Dialogue dialogue,
            Schedule schedule,
            Tally tally,
            int depth,
            @Nullable PrintWriter print) {
        this.index = index;
        this.dialogue = dialogue;
        this.schedule = schedule;
        this.tally = tally;
        this.print = print;
        this.dueTimes = new long[depth];
    }

    @Override
    public void run() {
        begun = true;
        try (dialogue) {
            boolean connected = connect();
            schedule.arrive();
            if (connected) {
                exchange();
            }
        } finally {
            dialogue.release();
            schedule.leave();
        }
    }

    /** In place of {@link #run()}, if there is nobody to run it. */
    void neverRun(Exception cause) {
        failed("cannot start", cause);
        schedule.arrive();
        schedule.leave();
    }

    /**
     * Has {@link #run()} begun? Only then may this worker be ended from outside: a coroutine killed
     * before its first step never takes it, and the run would wait for it for ever.
     */
    boolean hasBegun() {
        return begun;
    }

    /** Has the reply been due for that long? Then this worker is to be ended, and will say why. */
    boolean isOverdue(long now, long limitNanos) {
        long since = waitingSince.getOpaque();
        if (since == IDLE || now - since < limitNanos) {
            return false;
        }
        overdue = true;
        return true;
    }

    private boolean connect() {
        if (schedule.isStopped()) {
            return false;
        }
        try {
            schedule.awaitTurn(index);
            try {
                dialogue.connect();
            } finally {
                schedule.endTurn();
            }
            tally.connected();
            return true;
        } catch (IOException | InterruptedException | RuntimeException e) {
            failed("cannot connect", e);
            return false;
        }
    }

    private void exchange() {
        lastReply = schedule.clock().nanoTime();
        try {
            schedule.awaitBegin();
            now = schedule.clock().nanoTime();
            lastReply = schedule.countedFrom();
            while (true) {
                sendWhatIsDue();
                if (answered == sent) {
                    break;
                }
                takeReply();
            }
            dialogue.sayGoodbye();
        } catch (IOException | InterruptedException | RuntimeException e) {
            failed("broke off", e);
        } finally {
            waitingSince.setOpaque(IDLE);
            tally.ended(bytes, lastReply);
        }
    }

    private void sendWhatIsDue() throws IOException, InterruptedException {
        while (sent - answered < dueTimes.length && schedule.wants(counted)) {
            long due = schedule.due(index, sent, now);
            if (schedule.isOver(due) || schedule.isOver(now)) {
                return;
            }
            if (due - now > 0) {
                if (answered < sent) {
                    return; // replies that may be here already come first
                }
                schedule.clock().sleepUntil(due);
                if (!schedule.isPaced()) {
                    due = schedule.clock().nanoTime(); // waking late is none of the server's doing
                }
                now = due;
            }
            if (answered == sent && dialogue.isOver()) {
                connectAgain();
            }
            waitingSince.setOpaque(now); // a server that does not read makes us wait here
            dialogue.send(sent);
            dueTimes[(int) (sent % dueTimes.length)] = due;
            sent++;
            counted += schedule.counts(due) ? 1 : 0;
        }
    }

    private void takeReply() throws IOException {
        waitingSince.setOpaque(now);
        String fault = dialogue.receive(answered);
        waitingSince.setOpaque(IDLE);
        now = schedule.clock().nanoTime();
        long due = dueTimes[(int) (answered % dueTimes.length)];
        if (schedule.counts(due)) {
            lastReply = now;
            bytes += dialogue.bytes();
            tally.replied(now - due);
        } else {
            tally.warmedUp(now - due);
        }
        if (fault != null) {
            tally.mismatch("connection " + index + ", message " + answered + ": " + fault);
        }
        if (print != null) {
            print.println(
                    "[" + Thread.currentThread().threadId() + "] recv server " + dialogue.reply());
        }
        answered++;
        if (answered < sent && dialogue.isOver()) {
            connectAgain();
            for (long n = answered; n < sent; n++) {
                dialogue.send(n); // the server has not looked at it
            }
        }
    }

    private void connectAgain() throws IOException {
        dialogue.close();
        if (schedule.isStopped()) {
            throw new IOException("stopped");
        }
        dialogue.connect();
        tally.connected();
    }

    /** What ended this connection too early; the end of the run itself is nothing of the kind. */
    private void failed(String what, Exception cause) {
        if (overdue) {
            tally.failed("no reply in time");
        } else if (!schedule.isStopped()) {
            tally.failed(what + ": " + reason(cause));
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
