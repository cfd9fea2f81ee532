package io.weft.load;

import io.netty.handler.codec.http.HttpMethod;
import io.weft.load.Answers.Verdict;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.SocketException;
import java.util.Set;

/** Requests, all the same, and their answers in their order (RFC 9112 section 9.3.2). */
final class HttpDialogue implements Dialogue {
    /** RFC 9110 section 9.2.2. */
    private static final Set<HttpMethod> IDEMPOTENT =
            Set.of(
                    HttpMethod.GET,
                    HttpMethod.HEAD,
                    HttpMethod.OPTIONS,
                    HttpMethod.TRACE,
                    HttpMethod.PUT,
                    HttpMethod.DELETE);

    private final Pipe pipe;
    private final HttpOptions options;
    private @Nullable Answers answers;
    private @Nullable IOException writeFailure;
    private Verdict last = new Verdict(0, 0, null);

    /**
     * @param pipe whose inlet is {@link Answers}
     */
    HttpDialogue(Pipe pipe, HttpOptions options) {
        this.pipe = pipe;
        this.options = options;
    }

    @Override
    public void connect() throws IOException {
        writeFailure = null;
        answers = (Answers) pipe.connect();
    }

    @Override
    public void send(long n) throws IOException {
        Answers coming = answers();
        coming.asked();
        try {
            pipe.write(options.request());
        } catch (InterruptedIOException e) {
            throw e;
        } catch (IOException e) {
            // there may be an answer all the same, to this request or to one before: receiving will
            // tell
            writeFailure = e;
        }
    }

    @Override
    public @Nullable Fault receive(long n) throws IOException {
        Answers coming = answers();
        while (coming.isEmpty()) {
            if (coming.hasEnded()) {
                throw why(coming);
            }
            pipe.await();
        }
        last = coming.next();
        return last.fault();
    }

    private IOException why(Answers coming) {
        if (coming.hasBegun() && coming.isLost()) {
            return new IOException(coming.ending().getMessage() + " in the middle of an answer");
        }
        IOException written = writeFailure;
        return written != null && coming.isLost() ? written : coming.ending();
    }

    @Override
    public void pause(Clock clock, long time) throws IOException, InterruptedException {
        pipe.pause(clock, time);
    }

    /**
     * As Go's client and by RFC 9110 section 9.2.2: a request whose repetition changes nothing, on
     * a connection that has answered before and was lost without a byte of this answer. A server
     * may close a connection between two requests at any time (RFC 9112 section 9.5), and the
     * request and the close then pass each other.
     */
    @Override
    public boolean mayRepeat() {
        return answers != null
                && answers.isLost()
                && answers.hasAnswered()
                && !answers.hasBegun()
                && IDEMPOTENT.contains(options.method());
    }

    private Answers answers() throws IOException {
        if (answers == null) {
            throw new SocketException("not connected");
        }
        return answers;
    }

    @Override
    public long bytes() {
        return last.bytes();
    }

    @Override
    public int status() {
        return last.status();
    }

    @Override
    public String reply() {
        return last.status() + ", " + last.bytes() + " bytes";
    }

    @Override
    public boolean isOver() {
        return answers != null && answers.isOver();
    }

    @Override
    public void release() {
        pipe.release();
    }

    @Override
    public void abort() {
        pipe.abort();
    }

    @Override
    public void close() {
        pipe.close();
    }
}
