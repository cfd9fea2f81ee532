package io.weft.load;

import org.jspecify.annotations.Nullable;

import java.time.Duration;

/**
 * What the client itself used of the processors while replies counted: near all of them, and it is
 * the client that was measured. Immutable.
 *
 * @param cores busy on average
 * @param repliesPerCpuSecond that the client gets for a second of a processor
 */
record Cost(double cores, double repliesPerCpuSecond) {
    private static final double SECOND = 1e9;

    /** A moment of the run: the clock, the processor time of this process, the replies so far. */
    record Mark(long nanos, long cpu, long replies) {
        /** Now; null where the system does not tell a process its time. */
        static @Nullable Mark at(long nanos, long replies) {
            return ProcessHandle.current()
                    .info()
                    .totalCpuDuration()
                    .map(Duration::toNanos)
                    .map(cpu -> new Mark(nanos, cpu, replies))
                    .orElse(null);
        }
    }

    /** Between two moments; null where nothing was used in between. */
    static @Nullable Cost between(@Nullable Mark from, @Nullable Mark to) {
        if (from == null || to == null || to.cpu <= from.cpu || to.nanos <= from.nanos) {
            return null;
        }
        double cpu = to.cpu - from.cpu;
        return new Cost(
                cpu / (to.nanos - from.nanos), (to.replies - from.replies) / (cpu / SECOND));
    }
}
