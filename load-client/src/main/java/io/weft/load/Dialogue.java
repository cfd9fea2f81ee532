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
    @Nullable String receive(long n) throws IOException;

    /** Bytes of the last reply. */
    int bytes();

    /** The last reply, for people to read. */
    String reply();

    /** Whether the server has said that it will answer no more on this connection. */
    boolean isOver();

    /** The last thing to say, when all else is said. */
    default void sayGoodbye() {}

    /** Lets go of what the last connection held; after the {@link #close()}. */
    void release();

    /** Ends the connection; in threads mode for any thread. Does nothing the second time. */
    @Override
    void close();
}
