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
 */
final class Tally {
    /** An hour: longer waits count as one. */
    static final long HIGHEST_NANOS = 3_600_000_000_000L;

    /** Three digits of every latency are exact, as wrk2 has it; 300 kB. */
    static final int DIGITS = 3;

    private final Histogram latencies = new AtomicHistogram(HIGHEST_NANOS, DIGITS);
    private final AtomicLongArray classes = new AtomicLongArray(Buckets.COUNT);
    private final LongAdder connected = new LongAdder();
    private final LongAdder bytes = new LongAdder();
    private final LongAdder mismatches = new LongAdder();
    private final LongAdder failed = new LongAdder();
    private final AtomicReference<@Nullable String> firstMismatch = new AtomicReference<>();
    private final LongAccumulator lastReply;
    private final Map<String, Long> failures = new TreeMap<>(); // guarded by itself

    /**
     * @param epoch any time of the run's clock that is before every reply
     */
    Tally(long epoch) {
        lastReply = new LongAccumulator((a, b) -> b - a > 0 ? b : a, epoch);
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

    /** A reply came while the server was still warming up: seen, but not counted. */
    void warmedUp(long latencyNanos) {
        classes.getAndIncrement(Buckets.of(Math.clamp(latencyNanos, 0, HIGHEST_NANOS)));
    }

    /** A reply differed from what was sent. */
    void mismatch(String description) {
        mismatches.increment();
        firstMismatch.compareAndSet(null, description);
    }

    /** A worker has ended, having exchanged so many bytes each way. */
    void ended(long bytesEachWay, long lastReplyAt) {
        bytes.add(bytesEachWay);
        lastReply.accumulate(lastReplyAt);
    }

    /** A connection could not be made, or broke. */
    void failed(String reason) {
        failed.increment();
        synchronized (failures) {
            failures.merge(reason, 1L, Long::sum);
        }
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

    /** How many replies there are of each of the {@link Buckets}, warm-up included. */
    void addLatenciesTo(long[] counts) {
        for (int i = 0; i < counts.length; i++) {
            counts[i] += classes.get(i);
        }
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

    Histogram latencies() {
        return latencies;
    }

    /** How often each reason ended a connection. */
    Map<String, Long> failures() {
        synchronized (failures) {
            return new TreeMap<>(failures);
        }
    }
}
