package io.weft.http.form;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.weft.http.testing.Dribble;

import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.io.OutputStream;

/** A form is refused before more of it is held than its limits say. */
class FormLimitsTest {
    private static final FormLimits LIMITS = FormLimits.DEFAULT;

    private static String parts(int count, int size) {
        String part =
                "--b\r\nContent-Disposition: form-data; name=a\r\n\r\n" + "x".repeat(size) + "\r\n";
        return part.repeat(count) + "--b--";
    }

    /** How many bytes were read as a whole. */
    private static long readAll(String body, FormLimits limits) throws IOException {
        var form = new Multipart(new Dribble(body), "b", limits);
        long bytes = 0;
        for (Part part; (part = form.next()) != null; ) {
            bytes += part.bytes().length;
        }
        return bytes;
    }

    private static void assertTooMuch(Read read, String message) {
        assertThatThrownBy(read::run)
                .isInstanceOfSatisfying(
                        FormException.class, e -> assertThat(e.status()).isEqualTo(413))
                .hasMessageContaining(message);
    }

    private interface Read {
        void run() throws IOException;
    }

    @Test
    void fieldsAreLimitedTogether() throws Exception {
        assertThat(readAll(parts(9, 50_000), LIMITS)).isEqualTo(450_000);
        assertTooMuch(() -> readAll(parts(10, 50_000), LIMITS), "more than 500000 bytes");
        assertTooMuch(() -> readAll(parts(3, 499_000), LIMITS), "more than 500000 bytes");
        assertThat(readAll(parts(10, 50_000), LIMITS.memory(600_000))).isEqualTo(500_000);
        assertTooMuch(() -> readAll(parts(1, 11), LIMITS.field(10)), "larger than 10 bytes");
        assertThat(readAll(parts(1, 10), LIMITS.field(10))).isEqualTo(10);
    }

    /** A field of nothing is not nothing. */
    @Test
    void headsCount() {
        assertTooMuch(() -> readAll(parts(1000, 0), LIMITS.memory(10_000)), "10000 bytes");
        assertTooMuch(() -> readAll(parts(1001, 0), LIMITS), "more than 1000 parts");
    }

    @Test
    void whatIsStreamedDoesNotCount() throws Exception {
        var form = new Multipart(new Dribble(parts(5, 400_000)), "b", LIMITS);
        long bytes = 0;
        for (Part part; (part = form.next()) != null; ) {
            bytes += part.transferTo(OutputStream.nullOutputStream());
        }
        assertThat(bytes).isEqualTo(2_000_000);
    }

    @Test
    void greatestLimitsAreNone() throws Exception {
        var none = LIMITS.field(Integer.MAX_VALUE).memory(Integer.MAX_VALUE);
        assertThat(readAll(parts(3, 600_000), none)).isEqualTo(1_800_000);
        assertThat(UrlEncoded.read(new Dribble("a=" + "x".repeat(600_000)), none)).hasSize(1);
    }

    @Test
    void urlEncodedHasTheSameLimits() throws Exception {
        assertThat(UrlEncoded.read(new Dribble("a=123"), LIMITS.memory(5).field(5))).hasSize(1);
        assertTooMuch(
                () -> UrlEncoded.read(new Dribble("a=1&b=2"), LIMITS.memory(6)),
                "more than 6 bytes");
        assertTooMuch(
                () -> UrlEncoded.read(Dribble.bytes("a=1&b=23"), LIMITS.field(3)),
                "more than 3 bytes in a field");
        assertThat(UrlEncoded.read(new Dribble("a&".repeat(1000)), LIMITS).get("a")).hasSize(1000);
        assertTooMuch(
                () -> UrlEncoded.read(new Dribble("a&".repeat(1001)), LIMITS),
                "more than 1000 fields");
        assertTooMuch(
                () -> UrlEncoded.read(new Dribble("x".repeat(500_001)), LIMITS), "500000 bytes");
    }
}
