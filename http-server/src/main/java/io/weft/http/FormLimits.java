package io.weft.http;

/**
 * What a {@code multipart/form-data} body may have before it is refused: {@link #DEFAULT}, or that
 * with some of it changed. The body as a whole is limited by {@link Limits#body()}. Immutable.
 */
public final class FormLimits {
    /** Each as its method says. */
    public static final FormLimits DEFAULT = new FormLimits(1000, 8190, 500_000);

    private final int parts;
    private final int head;
    private final int field;

    private FormLimits(int parts, int head, int field) {
        this.parts = atLeast(1, "parts", parts);
        this.head = atLeast(1, "bytes of a part's head", head);
        this.field = atLeast(0, "bytes of a field", field);
    }

    private static int atLeast(int least, String what, int limit) {
        if (limit < least) {
            throw new IllegalArgumentException(
                    "the limit on " + what + " has to be at least " + least + ", but was " + limit);
        }
        return limit;
    }

    /** Fields and files; more is answered by 413. 1000 by default (Go, Werkzeug). */
    public int parts() {
        return parts;
    }

    public FormLimits parts(int most) {
        return new FormLimits(most, head, field);
    }

    /**
     * Bytes of a part's head, about; more is answered by 400. 8190 by default, as a header field of
     * a request (gunicorn; Tomcat: 512).
     */
    public int head() {
        return head;
    }

    public FormLimits head(int bytes) {
        return new FormLimits(parts, bytes, field);
    }

    /**
     * Bytes of a part that is read as a whole; more is answered by 413. 500 000 by default
     * (Werkzeug, for all of them).
     */
    public int field() {
        return field;
    }

    public FormLimits field(int bytes) {
        return new FormLimits(parts, head, bytes);
    }
}
