package io.weft.load;

import java.net.InetSocketAddress;
import java.time.Duration;

/** Options for tests, from one sentence. */
final class Options {
    private Options() {}

    /** {@code connections} threads that send {@code messages} each. */
    static LoadOptions messages(int connections, long messages) {
        return options(connections, null, messages, 0, 0);
    }

    /** As {@link #messages(int, long)}, at {@code rate} per second. */
    static LoadOptions paced(int connections, long messages, long rate) {
        return options(connections, null, messages, rate, 0);
    }

    /**
     * {@code connections} threads that send for {@code duration}, at {@code rate} per second if
     * that is not 0.
     */
    static LoadOptions lasting(int connections, Duration duration, long rate) {
        return options(connections, duration, 0, rate, 0);
    }

    static LoadOptions connecting(int connections, long connectRate) {
        return options(connections, null, 1, 0, connectRate);
    }

    /** {@code connections} that join over {@code ramp}, and send one message each. */
    static LoadOptions ramping(int connections, Duration ramp) {
        return options(connections, null, 1, 0, 0, ramp, Duration.ZERO, Duration.ZERO);
    }

    /** One connection that sends {@code messages} after a warm-up, pausing after each. */
    static LoadOptions warming(long messages, Duration warmup, Duration think) {
        return options(1, null, messages, 0, 0, Duration.ZERO, warmup, think);
    }

    /** As {@link #warming}, for a duration. */
    static LoadOptions warming(Duration duration, Duration warmup) {
        return options(1, duration, 0, 0, 0, Duration.ZERO, warmup, Duration.ZERO);
    }

    /** One connection, a warm-up, a duration, a rate. */
    static LoadOptions warming(Duration duration, Duration warmup, long rate) {
        return options(1, duration, 0, rate, 0, Duration.ZERO, warmup, Duration.ZERO);
    }

    /** {@code connections} that join over {@code ramp}, and send for a duration at a rate. */
    static LoadOptions ramping(int connections, Duration ramp, Duration duration, long rate) {
        return options(connections, duration, 0, rate, 0, ramp, Duration.ZERO, Duration.ZERO);
    }

    private static LoadOptions options(
            int connections, Duration duration, long messages, long rate, long connectRate) {
        return options(
                connections,
                duration,
                messages,
                rate,
                connectRate,
                Duration.ZERO,
                Duration.ZERO,
                Duration.ZERO);
    }

    private static LoadOptions options(
            int connections,
            Duration duration,
            long messages,
            long rate,
            long connectRate,
            Duration ramp,
            Duration warmup,
            Duration think) {
        return new LoadOptions(
                new Target(
                        Scheme.TCP, new InetSocketAddress("127.0.0.1", 8888), "127.0.0.1:8888", ""),
                connections,
                Mode.THREADS,
                duration,
                messages,
                0,
                rate,
                connectRate,
                ramp,
                warmup,
                think,
                null,
                false,
                false,
                Duration.ofSeconds(10),
                1,
                null);
    }
}
