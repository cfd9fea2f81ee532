package io.weft.http.form;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;

/**
 * Cuts a body at its delimiters (RFC 2046 section 5.1.1). What comes of it depends on the bytes
 * alone, and not on the pieces in which they are read; each is looked at once.
 *
 * <pre>
 *   content ──CR LF - - boundary──▶ behind ──blanks, CR LF──▶ head ──empty line──▶ content
 *                                     └───── - - ─────▶ ended
 * </pre>
 *
 * <p>A delimiter stands at a line's beginning, and lines end with CR LF and nothing else. The first
 * line of the body, and of a part's content, begins one too: its CR LF is the one before. Of one
 * form, in the handler's coroutine.
 */
final class Delimited {
    private static final int PIECE = 8192;

    private final InputStream in;
    private final byte[] delimiter;
    private final byte[] buffer = new byte[PIECE];
    private int position; // of the next byte
    private int limit; // behind the last
    private int candidate = -2; // where a delimiter may begin, if not further on
    private int matched = 2; // so many bytes of one are there
    private boolean ended;

    /**
     * @param boundary of at most 70 characters of ASCII
     */
    Delimited(InputStream in, String boundary) {
        this.in = in;
        this.delimiter = ("\r\n--" + boundary).getBytes(StandardCharsets.US_ASCII);
    }

    /** Waits for content: false if the delimiter comes instead. */
    boolean hasContent() throws IOException {
        while (true) {
            scan();
            if (candidate > position) {
                return true;
            }
            if (matched == delimiter.length) {
                return false;
            }
            fill();
        }
    }

    /** Moves the candidate on as far as can be told from what is here. */
    private void scan() {
        while (matched < delimiter.length && candidate + matched < limit) {
            byte next = buffer[candidate + matched];
            if (next == delimiter[matched]) {
                matched++;
            } else if (matched > 0) {
                candidate += matched; // there is no CR in a delimiter but at its front
                matched = 0;
            } else {
                candidate++;
                while (candidate < limit && buffer[candidate] != '\r') {
                    candidate++;
                }
            }
        }
    }

    private void fill() throws IOException {
        System.arraycopy(buffer, position, buffer, 0, limit - position);
        candidate -= position;
        limit -= position;
        position = 0;
        int count = in.read(buffer, limit, PIECE - limit);
        if (count < 0) {
            throw new FormException(400, "the form ended before its last boundary");
        }
        limit += count;
    }

    /** How much content can be had without waiting. */
    int available() {
        return Math.max(0, candidate - position);
    }

    int read(byte[] bytes, int offset, int length) {
        int count = Math.min(length, available());
        System.arraycopy(buffer, position, bytes, offset, count);
        position += count;
        return count;
    }

    /** Drops what content is here; returns how much that was. */
    int skip() {
        int count = available();
        position += count;
        return count;
    }

    /**
     * Passes the delimiter and the rest of its line, once there is no content before it.
     *
     * @return whether a part begins; if not, the body has been read to its end
     */
    boolean passDelimiter() throws IOException {
        position = candidate + delimiter.length;
        int next = next();
        if (next == '-' && next() == '-') {
            end();
            return false;
        }
        while (next == ' ' || next == '\t') {
            next = next();
        }
        if (next != '\r' || next() != '\n') {
            throw new FormException(400, "expected CR LF behind a boundary");
        }
        return true;
    }

    /** What follows the last boundary is nothing to a reader, but has to be read. */
    private void end() throws IOException {
        ended = true;
        while (in.read(buffer) >= 0) {
            // dropped
        }
    }

    boolean hasEnded() {
        return ended;
    }

    /** A byte of a line, whatever it is. */
    int next() throws IOException {
        while (position == limit) {
            fill();
        }
        return buffer[position++] & 0xff;
    }

    /** What follows is content: the line before has just ended. */
    void beginContent() {
        candidate = position - 2;
        matched = 2;
    }
}
