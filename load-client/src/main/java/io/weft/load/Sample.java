package io.weft.load;

import java.util.List;
import java.util.stream.IntStream;

/**
 * What happened in a piece of a run. Immutable.
 *
 * @param from when it begins, in nanoseconds since the run's start
 * @param to when it ends
 * @param made connections made in it
 * @param failed connections that could not be made, or broke
 * @param mismatches wrong replies
 * @param latencies how many replies came, warm-up included, for each of the {@link Buckets}
 */
record Sample(long from, long to, long made, long failed, long mismatches, List<Long> latencies) {

    /** How many replies came. */
    long messages() {
        return latencies.stream().mapToLong(Long::longValue).sum();
    }

    /** This piece and the next one as one. */
    Sample and(Sample next) {
        return new Sample(
                from,
                next.to,
                made + next.made,
                failed + next.failed,
                mismatches + next.mismatches,
                IntStream.range(0, latencies.size())
                        .mapToObj(i -> latencies.get(i) + next.latencies.get(i))
                        .toList());
    }

    /** The piece between {@code earlier} and this, both of which begin with the run. */
    Sample since(Sample earlier) {
        return new Sample(
                earlier.to,
                to,
                made - earlier.made,
                failed - earlier.failed,
                mismatches - earlier.mismatches,
                IntStream.range(0, latencies.size())
                        .mapToObj(i -> latencies.get(i) - earlier.latencies.get(i))
                        .toList());
    }
}
