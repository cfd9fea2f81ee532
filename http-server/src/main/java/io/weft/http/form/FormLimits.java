package io.weft.http.form;

/**
 * What a form may have before it is refused: {@link #DEFAULT}, or that with some of it changed. The
 * body as a whole is the server's to limit. Immutable.
 */
public final class FormLimits {
    /** Each as its method says. */
    public static final FormLimits DEFAULT = new FormLimits(1000, 8190, 500_000, 500_000);

    private final int parts;
    private final int head;
    private final int field;
    private final int memory;

    private FormLimits(int parts, int head, int field, int memory) {
        this.parts = atLeast(1, "parts", parts);
        this.head = atLeast(1, "bytes of a part's head", head);
        this.field = atLeast(0, "bytes of a field", field);
        this.memory = atLeast(0, "bytes of all fields", memory);
    }

    private static int atLeast(int least, String what, int limit) {
        if (limit < least) {
            throw new IllegalArgumentException(
                    "the limit on " + what + " has to be at least " + least + ", but was " + limit);
        }
        return limit;
    }

    /**
     * Fields and files; more is answered by 413. 1000 by default (Go, Werkzeug; Django:
     * DATA_UPLOAD_MAX_NUMBER_FIELDS).
     */
    public int parts() {
        return parts;
    }

    public FormLimits parts(int most) {
        return new FormLimits(most, head, field, memory);
    }

    /**
     * Bytes of a part's head; more is answered by 400. 8190 by default, as a header field of a
     * request (gunicorn; Tomcat: 512).
     */
    public int head() {
        return head;
    }

    public FormLimits head(int bytes) {
        return new FormLimits(parts, bytes, field, memory);
    }

    /**
     * Bytes of one part that is read as a whole, or of one field of an URL-encoded form as it is
     * sent; more is answered by 413. 500 000 by default, as {@link #memory}.
     */
    public int field() {
        return field;
    }

    public FormLimits field(int bytes) {
        return new FormLimits(parts, head, bytes, memory);
    }

    /**
     * Bytes of all that is read as a whole, together with the parts' heads, or of the URL-encoded
     * form as it is sent; more is answered by 413. What is streamed does not count. 500 000 by
     * default (Werkzeug: max_form_memory_size; Django: DATA_UPLOAD_MAX_MEMORY_SIZE, 2.5 MB).
     */
    public int memory() {
        return memory;
    }

    public FormLimits memory(int bytes) {
        return new FormLimits(parts, head, field, bytes);
    }
}
