package io.weft.http;

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
    private final PartData data;
    private final FormLimits limits;
    private final InputStream body;

    Part(Multipart form, PartData data, FormLimits limits) {
        this.data = data;
        this.limits = limits;
        this.body = new PartInput(form, data);
    }

    /**
     * The field's name. Netty's decoder leaves a space where it has one of {@code : , ; =}, and
     * nothing where it has a quote or a backslash.
     */
    public String name() {
        return data.name;
    }

    /**
     * What the client calls the file; null if this is a field. It is whatever the client likes,
     * also {@code ../../etc/passwd}: nothing to open a file by (RFC 7578 section 4.2). What is
     * quoted has its {@code \"} and {@code \\} undone; a browser's {@code %22} stays, which may
     * have been in the name as well.
     */
    public @Nullable String fileName() {
        return data.fileName;
    }

    /** Its media type without parameters, as the client has it; null if it does not say. */
    public @Nullable String contentType() {
        return data.contentType;
    }

    /** That of the text: as the client names it, else UTF-8 (RFC 7578 section 5.1.2). */
    public Charset charset() {
        return data.charset;
    }

    /** The content as a stream: it blocks the coroutine until there is some. */
    public InputStream body() {
        return body;
    }

    /**
     * The whole content, up to {@link FormLimits#field}.
     *
     * @throws MultipartException 413 if it is larger
     */
    public byte[] bytes() throws IOException {
        byte[] bytes = body.readNBytes(limits.field() + 1);
        if (bytes.length > limits.field()) {
            throw new MultipartException(
                    413, "a part of the form is larger than " + limits.field() + " bytes", null);
        }
        return bytes;
    }

    /** The whole content as text; as {@link #bytes()}. */
    public String text() throws IOException {
        return new String(bytes(), charset());
    }

    /** Sends the whole content on, however large it is. Returns how many bytes that was. */
    public long transferTo(OutputStream out) throws IOException {
        return body.transferTo(out);
    }

    @Override
    public String toString() {
        return fileName() == null ? "field " + name() : "file " + name() + " (" + fileName() + ")";
    }
}
