package io.weft.http.form;

import io.weft.http.grammar.Octets;

import org.jspecify.annotations.Nullable;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;

/**
 * The parts of a {@code multipart/form-data} body (RFC 7578), one after another as they come:
 *
 * <pre>{@code
 * var form = request.multipart();
 * for (Part part; (part = form.next()) != null; ) {
 *     if (part.fileName() == null) fields.put(part.name(), part.text());
 *     else part.transferTo(store);
 * }
 * }</pre>
 *
 * <p>Nothing of it is kept: of a part there is what one read of the body has brought, 8 KB, however
 * large it is, and a handler that is slow stops the client. A handler may stop in the middle. For
 * the handler's coroutine.
 *
 * <p>A part is a part: of {@code multipart/mixed} too, which RFC 7578 section 4.3 has done away
 * with, and by the name of {@code _charset_}, which nobody heeds any more. What precedes the first
 * boundary may have as many bytes as a part's head; the end of a line is CR LF everywhere.
 */
public final class Multipart {
    private final Delimited body;
    private final FormLimits limits;
    private final ByteArrayOutputStream line = new ByteArrayOutputStream(128);
    private int count;
    private int left; // bytes that may still be held
    private @Nullable Part current;
    private @Nullable FormException failure;
    private boolean begun;

    /**
     * The parts of {@code body}, which are apart by {@code boundary}.
     *
     * @throws IllegalArgumentException if the boundary has not 1 to 70 printable characters of
     *     ASCII, or ends with a blank (RFC 2046 section 5.1.1)
     */
    public Multipart(InputStream body, String boundary, FormLimits limits) {
        if (boundary.isEmpty()
                || boundary.length() > 70
                || boundary.endsWith(" ")
                || !boundary.chars().allMatch(c -> c >= ' ' && c < 0x7f)) {
            throw new IllegalArgumentException(
                    "expected a boundary of 1 to 70 printable characters");
        }
        this.body = new Delimited(body, boundary);
        this.limits = limits;
        this.left = limits.memory();
    }

    /**
     * The next part, as soon as it begins; what was not read of the one before is dropped. Null
     * when there is no more, and then the body has been read to its end.
     *
     * @throws FormException 400 if the body is malformed or ends too early, 413 if it has too many
     *     parts
     */
    public @Nullable Part next() throws IOException {
        current = null;
        if (failure != null) {
            throw failure;
        }
        try {
            return body.hasEnded() ? null : advance();
        } catch (FormException e) {
            failure = e; // where it goes on is not known
            throw e;
        }
    }

    private @Nullable Part advance() throws IOException {
        long dropped = 0;
        while (body.hasContent()) {
            dropped += body.skip();
            if (!begun && dropped > limits.head()) {
                throw tooLong();
            }
        }
        begun = true;
        if (!body.passDelimiter()) {
            return null;
        }
        if (++count > limits.parts()) {
            throw new FormException(413, "the form has more than " + limits.parts() + " parts");
        }
        current = new Part(this, head(), limits);
        return current;
    }

    private PartHead head() throws IOException {
        var head = new PartHead();
        int bytes = 0;
        String text = line(limits.head());
        while (!text.isEmpty()) {
            head.take(text);
            bytes += text.length() + 2;
            text = line(limits.head() - bytes);
        }
        head.end();
        hold(bytes);
        body.beginContent();
        return head;
    }

    /** A line without its end, of at most {@code most} bytes with it. */
    private String line(int most) throws IOException {
        line.reset();
        for (int b; (b = body.next()) != '\r'; ) {
            if (b == '\n') {
                throw new FormException(400, "expected CR LF at the end of a line");
            }
            if (line.size() + 2 >= most) {
                throw tooLong();
            }
            line.write(b);
        }
        if (body.next() != '\n') {
            throw new FormException(400, "expected CR LF at the end of a line");
        }
        byte[] bytes = line.toByteArray();
        return Octets.of(bytes, 0, bytes.length);
    }

    private FormException tooLong() {
        return new FormException(
                400,
                "expected a boundary, or the end of a part's head, within "
                        + limits.head()
                        + " bytes");
    }

    /** Counts what stays in memory. */
    void hold(int bytes) throws FormException {
        left -= bytes;
        if (left < 0) {
            left = 0;
            throw new FormException(
                    413, "the fields of the form have more than " + limits.memory() + " bytes");
        }
    }

    /** Bytes that may still be held. */
    int left() {
        return left;
    }

    /** The body at the content of {@code part}; it throws if that is no longer the current one. */
    Delimited at(Part part) throws IOException {
        if (part != current) {
            throw new IOException(
                    "part "
                            + part.name()
                            + " has gone: its content is read before the next part is asked for");
        }
        return body;
    }
}
