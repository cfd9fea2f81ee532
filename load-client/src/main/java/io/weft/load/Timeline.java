package io.weft.load;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.List;

/**
 * What happened when. However long a run takes it has at most {@value #MOST} pieces: when there are
 * more, each two become one, and those to come are as long. For the thread that leads the run.
 */
final class Timeline {
    /** A column each in a picture that fits on a page. */
    static final int MOST = 120;

    private final long start;
    private final List<Sample> samples = new ArrayList<>();
    private Sample last =
            new Sample(0, 0, 0, 0, 0, Collections.nCopies(Buckets.COUNT, 0L)); // since the start
    private long width;

    /**
     * @param start when the run began, on its clock
     * @param width nanoseconds of a piece, at least
     */
    Timeline(long start, long width) {
        this.start = start;
        this.width = width;
    }

    long start() {
        return start;
    }

    /** Closes the current piece, if it is long enough by now. */
    void take(long now, Collection<Tally> tallies) {
        if (now - start - last.to() >= width) {
            close(now, tallies);
            if (samples.size() > MOST) {
                merge();
            }
        }
    }

    /** All pieces, the last of which ends now. */
    List<Sample> end(long now, Collection<Tally> tallies) {
        long left = now - start - last.to();
        if (left > 0) {
            close(now, tallies);
            if (left < width / 2 && samples.size() > 1) {
                // of so short a piece a rate would say nothing
                Sample rest = samples.removeLast();
                samples.add(samples.removeLast().and(rest));
            }
        }
        if (samples.size() > MOST) {
            merge();
        }
        return List.copyOf(samples);
    }

    private void close(long now, Collection<Tally> tallies) {
        long made = 0;
        long failed = 0;
        long mismatches = 0;
        var latencies = new long[Buckets.COUNT];
        for (Tally tally : tallies) {
            made += tally.connectedCount();
            failed += tally.failedCount();
            mismatches += tally.mismatches();
            tally.addLatenciesTo(latencies);
        }
        var boxed = new ArrayList<Long>(latencies.length);
        for (long count : latencies) {
            boxed.add(count);
        }
        var all = new Sample(0, now - start, made, failed, mismatches, List.copyOf(boxed));
        samples.add(all.since(last));
        last = all;
    }

    private void merge() {
        var merged = new ArrayList<Sample>();
        for (int i = 0; i < samples.size(); i += 2) {
            Sample first = samples.get(i);
            merged.add(i + 1 < samples.size() ? first.and(samples.get(i + 1)) : first);
        }
        samples.clear();
        samples.addAll(merged);
        width *= 2;
    }
}
