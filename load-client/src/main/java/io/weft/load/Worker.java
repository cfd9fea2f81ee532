package io.weft.load;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicLong;
import java.util.regex.Pattern;

/**
 * One connection's life: connect, wait for the others, then send a message, read as many bytes,
 * compare, and again. Nothing is allocated per message. {@link #run()} is for its own thread or
 * coroutine, the rest for any thread.
 */
final class Worker implements Runnable {
    /**
     * How much of a message is on its way at once. A server that echoes what it has read blocks
     * when nobody takes its echo; a client that would first write all of a large message would wait
     * for it for ever. Fits into the smallest socket buffers.
     */
    private static final int WINDOW = 64 * 1024;

    /**
     * How much of a larger message is read before more is written, so that the window is never
     * empty.
     */
    private static final int PIECE = WINDOW / 4;

    private static final long IDLE = Long.MIN_VALUE;

    /** How much of a wrong reply is shown. */
    private static final int SHOWN = 64;

    /** How Netty's native transports begin what the system said. */
    private static final Pattern NATIVE_CALL =
            Pattern.compile("^[\\w ]+\\(\\.\\.\\) failed with error\\(-?\\d+\\): ");

    private final int index;
    private final Link link;
    private final Schedule schedule;
    private final Tally tally;
    private final @Nullable PrintWriter print;
    private final Message message;
    private final byte[] reply;
    private final AtomicLong waitingSince = new AtomicLong(IDLE);
    private volatile boolean begun;
    private volatile boolean overdue;

    /**
     * @param size bytes of each message, 0 for "hello N" as it is
     * @param print where each reply is printed; null for nowhere
     */
    Worker(
            int index,
            Link link,
            Schedule schedule,
            Tally tally,
            int size,
            @Nullable PrintWriter print) {
        this.index = index;
        this.link = link;
        this.schedule = schedule;
        this.tally = tally;
        this.print = print;
        this.message = new Message(size);
        this.reply = new byte[message.bytes().length];
    }

    @Override
    public void run() {
        begun = true;
        try (link) {
            boolean connected = connect();
            schedule.arrive();
            if (connected) {
                exchange();
            }
        } finally {
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
                link.connect();
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
        long bytes = 0;
        long lastReply = schedule.clock().nanoTime();
        try {
            schedule.awaitBegin();
            lastReply = schedule.startedAt();
            for (long n = 0; schedule.wants(n); n++) {
                long now = schedule.clock().nanoTime();
                long due = schedule.due(index, n, now);
                if (schedule.isOver(due) || schedule.isOver(now)) {
                    break;
                }
                if (due - now > 0) {
                    schedule.clock().sleepUntil(due);
                    now = due;
                }
                int length = message.encode(n);
                waitingSince.setOpaque(now);
                echo(length);
                waitingSince.setOpaque(IDLE);
                lastReply = schedule.clock().nanoTime();
                tally.replied(lastReply - due);
                bytes += length;
                compare(n, length);
            }
        } catch (IOException | InterruptedException | RuntimeException e) {
            failed("broke off", e);
        } finally {
            waitingSince.setOpaque(IDLE);
            tally.ended(bytes, lastReply);
        }
    }

    private void echo(int length) throws IOException {
        int sent = 0;
        int got = 0;
        while (got < length) {
            int room = Math.min(WINDOW - (sent - got), length - sent);
            if (room > 0) {
                link.write(message.bytes(), sent, room);
                sent += room;
            }
            int next = sent == length ? length - got : PIECE;
            link.readFully(reply, got, next);
            got += next;
        }
    }

    private void compare(long n, int length) {
        if (Arrays.mismatch(message.bytes(), 0, length, reply, 0, length) >= 0) {
            tally.mismatch(
                    "connection "
                            + index
                            + ", message "
                            + n
                            + ": sent "
                            + shown(message.bytes(), length)
                            + ", got "
                            + shown(reply, length));
        }
        if (print != null) {
            String text = new String(reply, 0, length, StandardCharsets.UTF_8);
            print.println("[" + Thread.currentThread().threadId() + "] recv server " + text);
        }
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

    private static String shown(byte[] bytes, int length) {
        var text = new StringBuilder("\"");
        for (int i = 0; i < Math.min(length, SHOWN); i++) {
            int b = bytes[i] & 0xff;
            text.append(b >= ' ' && b < 127 ? Character.toString(b) : String.format("\\x%02x", b));
        }
        return text.append(length > SHOWN ? "..." : "\"").toString();
    }
}
