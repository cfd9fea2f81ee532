package io.weft.load;

import io.weft.Transport;

import org.jspecify.annotations.Nullable;

import java.time.Duration;

/**
 * What a run shall do. Immutable.
 *
 * @param target what to load, its host looked up already
 * @param duration how long to send; null where {@code messages} ends the run
 * @param messages how many to send on each connection; 0 where {@code duration} ends the run
 * @param size bytes of each message; 0 for as many as "hello N" has
 * @param rate messages due per second over all connections together; 0 to send each as soon as the
 *     last one is back
 * @param connectRate connections begun per second; 0 for as fast as it goes
 * @param ramp over which time the connections join, each beginning at once; 0 for all together
 * @param warmup how long messages are sent and not counted
 * @param think how long a connection pauses after a reply
 * @param http what is asked in HTTP; null where nothing is
 * @param insecure whether any certificate is believed
 * @param print whether each reply is printed
 * @param timeout the limit on connecting and on each reply
 * @param loops how many loops share the coroutines
 * @param transport the loops' transport; null for the preferred one
 */
record LoadOptions(
        Target target,
        int connections,
        Mode mode,
        @Nullable Duration duration,
        long messages,
        int size,
        long rate,
        long connectRate,
        Duration ramp,
        Duration warmup,
        Duration think,
        @Nullable HttpOptions http,
        boolean insecure,
        boolean print,
        Duration timeout,
        int loops,
        @Nullable Transport transport) {

    /** How many messages are on their way at once on a connection. */
    int depth() {
        return http == null ? 1 : http.pipeline();
    }
}
