package io.weft.load;

/**
 * The messages of one connection from when they are due until their replies come, oldest first. One
 * worker's; what is left at its end is looked at by the leader.
 *
 * <pre>
 *          answered        written           taken
 *  ────────────┼──────────────┼────────────────┼───────▶ n
 *   has reply  │  on its way  │  to be written │  not due
 * </pre>
 */
final class Flight {
    private final Schedule schedule;
    private final Tally tally;
    private final long[] dueTimes;
    private long taken;
    private long written;
    private long sent; // written on this connection or on one before
    private long answered;
    private long counted;

    /**
     * @param depth how many messages are under way at once
     */
    Flight(Schedule schedule, Tally tally, int depth) {
        this.schedule = schedule;
        this.tally = tally;
        this.dueTimes = new long[depth];
    }

    boolean hasRoom() {
        return taken - answered < dueTimes.length;
    }

    boolean isEmpty() {
        return answered == taken;
    }

    /** Whether there are messages that are not written on the present connection. */
    boolean isUnwritten() {
        return written < taken;
    }

    /** One more message is due. */
    void take(long due) {
        dueTimes[slot(taken)] = due;
        taken++;
        counted += schedule.counts(due) ? 1 : 0;
    }

    /** The number of the next message to write; it counts as written. */
    long write() {
        sent = Math.max(sent, written + 1);
        return written++;
    }

    /** All that has no reply is to be written on another connection. */
    void rewind() {
        written = answered;
    }

    /** The number of the oldest message that has no reply. */
    long oldest() {
        return answered;
    }

    /** When the oldest message that has no reply was due. */
    long due() {
        return dueTimes[slot(answered)];
    }

    /** The oldest message has its reply. */
    void answer() {
        answered++;
    }

    /** None of those that have no reply will get one. */
    void lose(long now) {
        for (; answered < taken; answered++) {
            long due = due();
            if (!schedule.counts(due)) {
                continue;
            }
            if (answered < sent) {
                tally.unanswered(now - due);
            } else {
                tally.notSent(now - due, 1);
            }
        }
        written = taken;
    }

    /** How many messages that count have become due. */
    long counted() {
        return counted;
    }

    private int slot(long n) {
        return (int) (n % dueTimes.length);
    }
}
