package io.weft.load;

import org.HdrHistogram.Histogram;
import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * What came out of a run. Immutable.
 *
 * @param asked how many connections there should have been
 * @param made how many there were
 * @param failures how many connections could not be made or broke, by reason
 * @param messages how many replies came, right or wrong
 * @param bytes of those messages, each way
 * @param nanos the measured time: from when all connections stood, or the warm-up was over
 * @param mismatches how many replies differed from what was sent
 * @param firstMismatch one of them
 * @param latency how long replies took
 * @param curve the same for many percentiles; empty if there was no reply
 */
record Figures(
        int asked,
        long made,
        Map<String, Long> failures,
        long messages,
        long bytes,
        long nanos,
        long mismatches,
        @Nullable String firstMismatch,
        Latency latency,
        List<Percentile> curve) {

    /** In nanoseconds; all 0 if there was no reply. */
    record Latency(long p50, long p90, long p99, long p999, long max) {
        static Latency of(Histogram all) {
            return new Latency(
                    all.getValueAtPercentile(50),
                    all.getValueAtPercentile(90),
                    all.getValueAtPercentile(99),
                    all.getValueAtPercentile(99.9),
                    all.getMaxValue());
        }
    }

    /** So many percent of the replies took at most {@code nanos}. */
    record Percentile(double percent, long nanos) {}

    /** Steps of the curve between 0 and 50 %, 50 and 75 % and so on; as HdrHistogram's own plot. */
    private static final int STEPS = 5;

    private static List<Percentile> curve(Histogram all) {
        var curve = new ArrayList<Percentile>();
        if (all.getTotalCount() > 0) {
            all.percentiles(STEPS)
                    .forEach(
                            step ->
                                    curve.add(
                                            new Percentile(
                                                    step.getPercentileLevelIteratedTo(),
                                                    step.getValueIteratedTo())));
        }
        return curve;
    }

    /** Adds up the tallies of a run that took {@code nanos}. */
    static Figures of(int asked, Collection<Tally> tallies, long nanos) {
        var latencies = new Histogram(Tally.HIGHEST_NANOS, Tally.DIGITS);
        var failures = new TreeMap<String, Long>();
        long made = 0;
        long bytes = 0;
        long mismatches = 0;
        String firstMismatch = null;
        for (Tally tally : tallies) {
            latencies.add(tally.latencies());
            tally.failures().forEach((reason, count) -> failures.merge(reason, count, Long::sum));
            made += tally.connectedCount();
            bytes += tally.bytes();
            mismatches += tally.mismatches();
            firstMismatch = firstMismatch == null ? tally.firstMismatch() : firstMismatch;
        }
        return new Figures(
                asked,
                made,
                failures,
                latencies.getTotalCount(),
                bytes,
                nanos,
                mismatches,
                firstMismatch,
                Latency.of(latencies),
                curve(latencies));
    }

    long failed() {
        return failures.values().stream().mapToLong(Long::longValue).sum();
    }

    double seconds() {
        return nanos / 1e9;
    }

    double perSecond() {
        return nanos == 0 ? 0 : messages / seconds();
    }

    /** Whether every connection was made and held, and every reply was right. */
    boolean isGood() {
        return failures.isEmpty() && mismatches == 0;
    }
}
