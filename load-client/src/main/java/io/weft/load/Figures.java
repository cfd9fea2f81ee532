package io.weft.load;

import io.weft.load.Errors.Cause;

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
 * @param made how many there were, those that took the place of others included
 * @param errors how often what went wrong
 * @param messages how many replies came to what was due in the measured time, right or wrong
 * @param unanswered how many messages of that time were sent and got no reply
 * @param notSent how many messages were due in that time and not sent
 * @param warmUp what was before
 * @param statuses of those replies, how many of each; empty where replies have none
 * @param bytes of those messages, each way
 * @param nanos the measured time: {@link Schedule#measured}
 * @param mismatches how many replies were not as expected
 * @param firstMismatch one of them
 * @param latency how long replies took, or had not come
 * @param curve the same for many percentiles; empty if there was none
 */
record Figures(
        int asked,
        long made,
        Map<Cause, Long> errors,
        long messages,
        long unanswered,
        long notSent,
        WarmUp warmUp,
        Map<Integer, Long> statuses,
        long bytes,
        long nanos,
        long mismatches,
        @Nullable String firstMismatch,
        Latency latency,
        List<Percentile> curve) {

    /** Replies before the measured time, and what a rate had due in it and was not sent. */
    record WarmUp(long messages, long notSent) {}

    /** In nanoseconds; all 0 if nothing was due. */
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

    /** So many percent took at most {@code nanos}. */
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

    /** Adds up the tallies of a run whose measured time were {@code nanos}. */
    static Figures of(int asked, Collection<Tally> tallies, long nanos) {
        var latencies = new Histogram(Tally.HIGHEST_NANOS, Tally.DIGITS);
        var errors = new Errors();
        var statuses = new TreeMap<Integer, Long>();
        long made = 0;
        long unanswered = 0;
        long notSent = 0;
        long skipped = 0;
        long replies = 0;
        long bytes = 0;
        long mismatches = 0;
        String firstMismatch = null;
        for (Tally tally : tallies) {
            latencies.add(tally.latencies());
            errors.addAll(tally.errors());
            tally.statuses().forEach((status, count) -> statuses.merge(status, count, Long::sum));
            made += tally.connectedCount();
            unanswered += tally.unanswered();
            notSent += tally.notSent();
            skipped += tally.skipped();
            replies += tally.replies();
            bytes += tally.bytes();
            mismatches += tally.mismatches();
            firstMismatch = firstMismatch == null ? tally.firstMismatch() : firstMismatch;
        }
        statuses.remove(0);
        long messages = latencies.getTotalCount() - unanswered - notSent;
        return new Figures(
                asked,
                made,
                errors.counts(),
                messages,
                unanswered,
                notSent,
                new WarmUp(replies - messages, skipped),
                statuses,
                bytes,
                nanos,
                mismatches,
                firstMismatch,
                Latency.of(latencies),
                curve(latencies));
    }

    /** How many messages were due in the measured time: each has its latency. */
    long due() {
        return messages + unanswered + notSent;
    }

    /** How often a connection could not be made, or broke. */
    long failed() {
        return errors.entrySet().stream()
                .filter(each -> !each.getKey().kind().isMismatch())
                .mapToLong(Map.Entry::getValue)
                .sum();
    }

    double seconds() {
        return nanos / 1e9;
    }

    double perSecond() {
        return nanos == 0 ? 0 : messages / seconds();
    }
}
