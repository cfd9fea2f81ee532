package io.weft.http.form;

import java.io.IOException;
import java.io.InputStream;
import java.util.Objects;

/** The content of a part, which pulls from the request's body what it has not yet. */
final class PartInput extends InputStream {
    private final Multipart form;
    private final Part part;

    PartInput(Multipart form, Part part) {
        this.form = form;
        this.part = part;
    }

    @Override
    public int read() throws IOException {
        var one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] bytes, int offset, int length) throws IOException {
        Objects.checkFromIndexSize(offset, length, bytes.length);
        Delimited body = form.at(part);
        if (length == 0) {
            return 0;
        }
        return body.hasContent() ? body.read(bytes, offset, length) : -1;
    }

    @Override
    public int available() throws IOException {
        return form.at(part).available();
    }
}
