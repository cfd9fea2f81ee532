package io.weft.load;

import org.jspecify.annotations.Nullable;

import java.util.List;

/**
 * What came out of a run, and how it came about. Immutable.
 *
 * @param timeline what happened when, from the first connection on
 * @param sendingFrom when messages were first sent, in nanoseconds since the run's start
 * @param countedFrom when they began to count: later than that where there is a warm-up
 * @param cost what the client used meanwhile; null where that is not known
 */
record Outcome(
        Figures figures,
        List<Sample> timeline,
        long sendingFrom,
        long countedFrom,
        @Nullable Cost cost) {}
