package io.weft.http;

/**
 * What a {@code multipart/form-data} body may have before it is refused; the body as a whole is
 * limited by {@link Limits#body}.
 *
 * @param parts fields and files; more is answered by 413 (Go and Werkzeug: 1000)
 * @param head bytes of a part's head, about; more is answered by 400 (as a header field of a
 *     request, gunicorn: 8190; Tomcat: 512)
 * @param field bytes of a part that is read as a whole; more is answered by 413 (Werkzeug: 500 000
 *     for all of them)
 */
public record FormLimits(int parts, int head, int field) {
    public static final FormLimits DEFAULT = new FormLimits(1000, 8190, 500_000);

    public FormLimits {
        if (parts < 1 || head < 1 || field < 0) {
            throw new IllegalArgumentException(
                    "expected at least one part, a head of at least one byte and a field of none,"
                            + " but got "
                            + parts
                            + ", "
                            + head
                            + " and "
                            + field);
        }
    }

    public FormLimits parts(int most) {
        return new FormLimits(most, head, field);
    }

    public FormLimits head(int bytes) {
        return new FormLimits(parts, bytes, field);
    }

    public FormLimits field(int bytes) {
        return new FormLimits(parts, head, bytes);
    }
}
