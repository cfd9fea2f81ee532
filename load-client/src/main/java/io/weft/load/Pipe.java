package io.weft.load;

import java.io.Closeable;
import java.io.IOException;

/**
 * One connection whose bytes go through handlers of Netty's, the last of which is an {@link Inlet}.
 * For the one worker whose it is, unless said otherwise.
 */
interface Pipe extends Closeable {
    /**
     * Connects, within the run's limit, with new handlers. Called first, and again after a {@link
     * #close()} for another connection.
     *
     * @return the last of the handlers
     */
    Inlet connect() throws IOException;

    /** Writes bytes as they are, or leaves them to be written at the next wait. */
    void write(byte[] bytes) throws IOException;

    /**
     * Writes what the handlers encode, or leaves it to be written at the next wait; releases it.
     *
     * @param bytes about how much it will be
     */
    void write(Object message, int bytes) throws IOException;

    /** Waits until the inlet has news. */
    void await() throws IOException;

    /**
     * As {@link #await()}, within the limit on connecting.
     *
     * @throws java.net.SocketTimeoutException at the limit
     */
    void awaitOpening() throws IOException;

    /** Waits until {@code time}; handlers see what comes meanwhile, and the end. */
    void pause(Clock clock, long time) throws IOException, InterruptedException;

    /** Lets the handlers let go of what they hold; after the {@link #close()}. */
    void release();

    /** Ends the connection at once, whoever waits there; for the crew's {@link Crew#onBehalfOf}. */
    void abort();

    /** Does nothing the second time. */
    @Override
    void close();
}
