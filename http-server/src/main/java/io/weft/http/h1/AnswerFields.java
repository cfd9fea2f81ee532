package io.weft.http.h1;

import io.netty.handler.codec.http.HttpHeaders;
import io.weft.http.Headers;

/**
 * The fields of a response, as a handler sets them. What would contradict the server's framing is
 * refused in the line that sets it (RFC 9110 section 8.6, RFC 9112 section 6), and so is everything
 * once the fields have been sent. Not thread-safe.
 */
final class AnswerFields extends NettyHeaders {
    private static final String LENGTH = "Content-Length";
    private static final String CODING = "Transfer-Encoding";

    private boolean sent;

    AnswerFields(HttpHeaders fields) {
        super(fields);
    }

    /** They are on the wire: nothing can be changed any more. */
    void sent() {
        sent = true;
    }

    @Override
    public Headers set(String name, String value) {
        requireOpen(name);
        requireFraming(name, value);
        return super.set(name, value);
    }

    @Override
    public Headers add(String name, String value) {
        requireOpen(name);
        requireFraming(name, value);
        if (name.equalsIgnoreCase(LENGTH) && contains(LENGTH)) {
            throw new IllegalArgumentException(
                    "expected one Content-Length, but there is "
                            + get(LENGTH)
                            + " and another was added");
        }
        return super.add(name, value);
    }

    @Override
    public Headers remove(String name) {
        requireOpen(name);
        return super.remove(name);
    }

    private void requireOpen(String name) {
        if (sent) {
            throw new IllegalStateException(
                    "the field " + Printable.of(name) + " comes too late: the fields were sent");
        }
    }

    private static void requireFraming(String name, String value) {
        if (name.equalsIgnoreCase(LENGTH)) {
            requireLength(value);
        } else if (name.equalsIgnoreCase(CODING)) {
            throw new IllegalArgumentException(
                    "Transfer-Encoding is the server's to set: it frames the body");
        }
    }

    /** 1*DIGIT, of a number that there is (RFC 9110 section 8.6). */
    private static void requireLength(String value) {
        boolean digits = !value.isEmpty() && value.length() <= 18;
        for (int i = 0; i < value.length() && digits; i++) {
            digits = value.charAt(i) >= '0' && value.charAt(i) <= '9';
        }
        if (!digits) {
            throw new IllegalArgumentException(
                    "expected a Content-Length of 1 to 18 decimal digits, but got '"
                            + Printable.of(value)
                            + "'");
        }
    }
}
