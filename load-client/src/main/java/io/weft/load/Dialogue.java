package io.weft.load;

import org.jspecify.annotations.Nullable;

import java.io.Closeable;
import java.io.IOException;

/**
 * What is said on one connection, and how what comes back is judged. For the one worker whose it
 * is, unless said otherwise.
 */
interface Dialogue extends Closeable {
    /**
     * Connects, and says what has to be said first. Called first, and again after a {@link
     * #close()} for another connection.
     */
    void connect() throws IOException;

    /** Sends message {@code n}, or leaves it to be sent at the next wait. */
    void send(long n) throws IOException;

    /**
     * Waits for the reply to {@code n}, the oldest message that has none.
     *
     * @return what is wrong with it; null if nothing is
     * @throws IOException if the connection ended before
     */
    @Nullable Fault receive(long n) throws IOException;

    /** Waits until {@code time} while nothing is on its way, and notices what the server does. */
    default void pause(Clock clock, long time) throws IOException, InterruptedException {
        clock.sleepUntil(time);
    }

    /** Bytes of the last reply. */
    long bytes();

    /** The status of the last reply; 0 where replies have none. */
    default int status() {
        return 0;
    }

    /** The last reply, for people to read; as it came. */
    String reply();

    /**
     * Whether the server will answer no more on this connection, and owes nothing: it has said so,
     * or has closed it between two messages as it may.
     */
    boolean isOver();

    /**
     * Whether what has no reply, now that the connection is lost, may be sent again on another one
     * as if it had not been sent: it is no failure then.
     */
    default boolean mayRepeat() {
        return false;
    }

    /** The last thing to say, when all else is said. */
    default void sayGoodbye() {}

    /** Lets go of what the last connection held; after the {@link #close()}. */
    void release();

    /**
     * Ends the connection at once, and with it whatever the worker waits for there. Not the
     * worker's: for its crew's {@link Crew#onBehalfOf}.
     */
    void abort();

    /** Ends the connection; in threads mode for any thread. Does nothing the second time. */
    @Override
    void close();
}
