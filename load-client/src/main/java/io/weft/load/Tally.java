package io.weft.load;

import org.HdrHistogram.AtomicHistogram;
import org.HdrHistogram.Histogram;
import org.jspecify.annotations.Nullable;

import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.atomic.LongAccumulator;
import java.util.concurrent.atomic.LongAdder;

/**
 * The score of some of the workers; a run has several, added up at the end, so that workers on
 * different cores seldom write to the same memory. Any thread.
 *
 * <p>Each message that was due in the measured time comes to exactly one of {@link #replied},
 * {@link #unanswered} and {@link #notSent}, and has its place among the latencies: one that was not
 * answered with how long it had waited by then, so that a server cannot better its figures by not
 * answering.
 */
final class Tally {
    /** An hour: longer waits count as one. */
    static final long HIGHEST_NANOS = 3_600_000_000_000L;

    /** Three digits of every latency are exact, as wrk2 has it; 300 kB. */
    static final int DIGITS = 3;

    private final Histogram latencies = new AtomicHistogram(HIGHEST_NANOS, DIGITS);
    private final AtomicLongArray classes = new AtomicLongArray(Buckets.COUNT); // of replies alone
    private final LongAdder unanswered = new LongAdder();
    private final LongAdder notSent = new LongAdder();
    private final LongAdder skipped = new LongAdder();
    private final LongAdder connected = new LongAdder();
    private final LongAdder bytes = new LongAdder();
    private final LongAdder mismatches = new LongAdder();
    private final LongAdder failed = new LongAdder();
    private final Errors errors = new Errors();
    private final AtomicReference<@Nullable String> firstMismatch = new AtomicReference<>();
    private final LongAccumulator lastReply;
    private final LongAccumulator lastSent;
    private final Map<Integer, Long> statuses = new TreeMap<>(); // guarded by itself

    /**
     * @param epoch any time of the run's clock that is before every reply
     */
    Tally(long epoch) {
        lastReply = latest(epoch);
        lastSent = latest(epoch);
    }

    private static LongAccumulator latest(long epoch) {
        return new LongAccumulator((a, b) -> b - a > 0 ? b : a, epoch);
    }

    void connected() {
        connected.increment();
    }

    /** A reply came, right or wrong. */
    void replied(long latencyNanos) {
        long nanos = Math.clamp(latencyNanos, 0, HIGHEST_NANOS);
        latencies.recordValue(nanos);
        classes.getAndIncrement(Buckets.of(nanos));
    }

    /** A reply came to what was due while the server was still warming up: seen, not counted. */
    void warmedUp(long latencyNanos) {
        classes.getAndIncrement(Buckets.of(Math.clamp(latencyNanos, 0, HIGHEST_NANOS)));
    }

    /** A message was sent and will have no reply; it has been due for so long. */
    void unanswered(long nanosSoFar) {
        unanswered.increment();
        latencies.recordValue(Math.clamp(nanosSoFar, 0, HIGHEST_NANOS));
    }

    /** So many messages were due for so long, and not sent. */
    void notSent(long nanosSoFar, long count) {
        notSent.add(count);
        latencies.recordValueWithCount(Math.clamp(nanosSoFar, 0, HIGHEST_NANOS), count);
    }

    /** So many messages were due in the warm-up, and not sent. */
    void skipped(long count) {
        skipped.add(count);
    }

    /** A reply was not as expected. */
    void mismatch(ErrorKind kind, String description) {
        mismatches.increment();
        errors.count(kind, "");
        firstMismatch.compareAndSet(null, Printable.whole(description));
    }

    /** So many answers had that status. */
    void answered(int status, long count) {
        synchronized (statuses) {
            statuses.merge(status, count, Long::sum);
        }
    }

    /** A worker has ended, having got so many bytes that count. */
    void ended(long bytesGot, long lastSentAt, long lastReplyAt) {
        bytes.add(bytesGot);
        lastSent.accumulate(lastSentAt);
        lastReply.accumulate(lastReplyAt);
    }

    /** A connection could not be made, or broke. */
    void failed(ErrorKind kind, String reason) {
        failed.increment();
        errors.count(kind, reason);
    }

    long connectedCount() {
        return connected.sum();
    }

    /** All of them, warm-up included. */
    long replies() {
        long all = 0;
        for (int i = 0; i < classes.length(); i++) {
            all += classes.get(i);
        }
        return all;
    }

    /** Those that count. */
    long counted() {
        return latencies.getTotalCount() - unanswered() - notSent();
    }

    /** How many replies there are of each of the {@link Buckets}, warm-up included. */
    void addLatenciesTo(long[] counts) {
        for (int i = 0; i < counts.length; i++) {
            counts[i] += classes.get(i);
        }
    }

    long unanswered() {
        return unanswered.sum();
    }

    long notSent() {
        return notSent.sum();
    }

    long skipped() {
        return skipped.sum();
    }

    long failedCount() {
        return failed.sum();
    }

    long bytes() {
        return bytes.sum();
    }

    long mismatches() {
        return mismatches.sum();
    }

    @Nullable String firstMismatch() {
        return firstMismatch.get();
    }

    long lastReply() {
        return lastReply.get();
    }

    long lastSent() {
        return lastSent.get();
    }

    Histogram latencies() {
        return latencies;
    }

    Errors errors() {
        return errors;
    }

    /** How many answers that count had each status. */
    Map<Integer, Long> statuses() {
        synchronized (statuses) {
            return new TreeMap<>(statuses);
        }
    }
}
