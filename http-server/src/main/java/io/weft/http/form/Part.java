package io.weft.http.form;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.Charset;

/**
 * A field or a file of a {@code multipart/form-data} body (RFC 7578). Its content is read from the
 * request as it comes, so it is gone when the next part is asked for. For the handler's coroutine.
 */
public final class Part {
    private final Multipart form;
    private final FormLimits limits;
    private final String name;
    private final @Nullable String fileName;
    private final @Nullable String contentType;
    private final Charset charset;
    private final InputStream body;

    Part(Multipart form, PartHead head, FormLimits limits) throws FormException {
        this.form = form;
        this.limits = limits;
        this.name = head.name();
        this.fileName = head.fileName();
        this.contentType = head.contentType();
        this.charset = head.charset();
        this.body = new PartInput(form, this);
    }

    /**
     * The field's name, which several may have. Browsers' {@code %22}, {@code %0D} and {@code %0A}
     * are undone, others' {@code \"} and {@code \\} as well; what is not UTF-8 becomes U+FFFD.
     */
    public String name() {
        return name;
    }

    /**
     * What the client calls the file; null if this is a field. It is whatever the client likes,
     * also {@code ../../etc/passwd}: nothing to open a file by (RFC 7578 section 4.2). Unescaped as
     * {@link #name}; a {@code filename*} (RFC 8187) goes before a {@code filename}.
     */
    public @Nullable String fileName() {
        return fileName;
    }

    /** Its media type without parameters, as the client has it; null if it does not say. */
    public @Nullable String contentType() {
        return contentType;
    }

    /** That of the text: as the client names it, else UTF-8 (RFC 7578 section 5.1.2). */
    public Charset charset() {
        return charset;
    }

    /** The content as a stream: it blocks the coroutine until there is some. */
    public InputStream body() {
        return body;
    }

    /**
     * The whole content, up to {@link FormLimits#field}, and to what is left of {@link
     * FormLimits#memory}.
     *
     * @throws FormException 413 if it is larger
     */
    public byte[] bytes() throws IOException {
        int most = Math.min(limits.field(), form.left());
        byte[] bytes = body.readNBytes((int) Math.min(most + 1L, Integer.MAX_VALUE));
        if (bytes.length > limits.field()) {
            throw new FormException(
                    413, "a part of the form is larger than " + limits.field() + " bytes");
        }
        form.hold(bytes.length);
        return bytes;
    }

    /** The whole content as text; as {@link #bytes()}. */
    public String text() throws IOException {
        return new String(bytes(), charset);
    }

    /** Sends the whole content on, however large it is. Returns how many bytes that was. */
    public long transferTo(OutputStream out) throws IOException {
        return body.transferTo(out);
    }

    @Override
    public String toString() {
        return fileName == null ? "field " + name : "file " + name + " (" + fileName + ")";
    }
}
