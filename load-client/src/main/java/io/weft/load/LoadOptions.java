package io.weft.load;

import io.weft.Transport;

import org.jspecify.annotations.Nullable;

import java.net.SocketAddress;
import java.time.Duration;

/**
 * What a run shall do. Immutable.
 *
 * @param target where the server is, looked up already
 * @param duration how long to send; null where {@code messages} ends the run
 * @param messages how many to send on each connection; 0 where {@code duration} ends the run
 * @param size bytes of each message; 0 for as many as "hello N" has
 * @param rate messages due per second over all connections together; 0 to send each as soon as the
 *     last one is back
 * @param connectRate connections begun per second; 0 for as fast as it goes
 * @param print whether each reply is printed
 * @param timeout the limit on connecting and on each reply
 * @param loops how many loops share the coroutines
 * @param transport the loops' transport; null for the preferred one
 */
record LoadOptions(
        SocketAddress target,
        int connections,
        Mode mode,
        @Nullable Duration duration,
        long messages,
        int size,
        long rate,
        long connectRate,
        boolean print,
        Duration timeout,
        int loops,
        @Nullable Transport transport) {}
