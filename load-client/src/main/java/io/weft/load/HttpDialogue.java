package io.weft.load;

import io.weft.load.Answers.Verdict;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.net.SocketException;

/** Requests, all the same, and their answers in their order (RFC 9112 section 9.3.2). */
final class HttpDialogue implements Dialogue {
    private final Pipe pipe;
    private final HttpOptions options;
    private @Nullable Answers answers;
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
        answers = (Answers) pipe.connect();
    }

    @Override
    public void send(long n) throws IOException {
        Answers coming = answers();
        coming.asked();
        try {
            pipe.write(options.request());
        } catch (IOException e) {
            // an earlier answer, on its way or here unread, may say that there will be no more
            if (coming.owed() == 1) {
                throw e;
            }
        }
    }

    @Override
    public @Nullable String receive(long n) throws IOException {
        Answers coming = answers();
        while (coming.isEmpty()) {
            if (coming.hasEnded()) {
                throw coming.hasBegun()
                        ? new IOException(
                                coming.ending().getMessage() + " in the middle of an answer")
                        : coming.ending();
            }
            pipe.await();
        }
        last = coming.next();
        return last.fault();
    }

    private Answers answers() throws IOException {
        if (answers == null) {
            throw new SocketException("not connected");
        }
        return answers;
    }

    @Override
    public int bytes() {
        return (int) last.bytes();
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
    public void close() {
        pipe.close();
    }
}
