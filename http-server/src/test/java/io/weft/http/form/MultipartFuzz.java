package io.weft.http.form;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;

/** Parts are the same however they are read, and what is no form is refused by a status. */
public final class MultipartFuzz {
    private static final FormLimits LIMITS =
            FormLimits.DEFAULT.parts(20).head(200).field(500).memory(1_000);

    private MultipartFuzz() {}

    /** One input of the fuzzer: a body whose boundary is {@code b}. */
    public static void fuzzerTestOneInput(byte[] input) throws IOException {
        String whole = parts(input, Integer.MAX_VALUE);
        assertThat(parts(input, 1)).isEqualTo(whole);
        assertThat(parts(input, 7)).isEqualTo(whole);
    }

    private static String parts(byte[] input, int most) throws IOException {
        var form = new Multipart(new Slow(input, most), "b", LIMITS);
        var text = new StringBuilder();
        try {
            for (Part part; (part = form.next()) != null; ) {
                text.append(part.name()).append('|').append(part.fileName()).append('|');
                text.append(part.contentType()).append('|').append(part.charset()).append('|');
                text.append(Arrays.toString(part.bytes())).append('\n');
            }
        } catch (FormException e) {
            text.append(e.getMessage());
        }
        return text.toString();
    }

    /** Gives a few bytes at a time. */
    private static final class Slow extends ByteArrayInputStream {
        private final int most;

        Slow(byte[] bytes, int most) {
            super(bytes);
            this.most = most;
        }

        @Override
        public synchronized int read(byte[] bytes, int offset, int length) {
            return super.read(bytes, offset, Math.min(length, most));
        }
    }

    /** For others that read forms slowly. */
    static InputStream slow(byte[] bytes, int most) {
        return new Slow(bytes, most);
    }
}
