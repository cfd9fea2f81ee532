package io.weft.load;

import java.io.Closeable;
import java.io.IOException;

/** The bytes of one connection, each way. For the one worker whose it is, unless said otherwise. */
interface Link extends Closeable {
    /**
     * Connects, within the run's limit. Called first, and again after a {@link #close()} for
     * another connection.
     */
    void connect() throws IOException;

    /** Writes, or leaves to be written at the next read. */
    void write(byte[] bytes, int offset, int length) throws IOException;

    /**
     * Waits until {@code length} bytes have come.
     *
     * @throws java.io.EOFException if the server ended the connection before
     */
    void readFully(byte[] bytes, int offset, int length) throws IOException;

    /** Ends the connection at once, whoever waits there; for the crew's {@link Crew#onBehalfOf}. */
    void abort();

    /** Does nothing the second time. */
    @Override
    void close();
}
