package io.weft.http.form;

import static org.assertj.core.api.Assertions.assertThat;

import io.weft.http.testing.Dribble;
import io.weft.http.testing.Reference;

import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** What a browser's FormData holds comes back, as it is encoded by WHATWG HTML 4.10.21.8. */
class FormDataTest {
    private static final String BOUNDARY = "----WebKitFormBoundary7MA4YWxkTrZu0gW";

    private record Entry(String name, String fileName, String value) {}

    private static String escaped(String name) {
        return Reference.octets(name)
                .replace("\n", "%0A")
                .replace("\r", "%0D")
                .replace("\"", "%22");
    }

    private static String encoded(List<Entry> entries) {
        var body = new StringBuilder();
        for (Entry each : entries) {
            body.append("--")
                    .append(BOUNDARY)
                    .append("\r\nContent-Disposition: form-data; name=\"");
            body.append(escaped(each.name)).append('"');
            if (each.fileName != null) {
                body.append("; filename=\"").append(escaped(each.fileName)).append('"');
                body.append("\r\nContent-Type: application/octet-stream");
            }
            body.append("\r\n\r\n").append(Reference.octets(each.value)).append("\r\n");
        }
        return body.append("--").append(BOUNDARY).append("--\r\n").toString();
    }

    private static List<Entry> decoded(String body) throws IOException {
        var entries = new ArrayList<Entry>();
        var form = new Multipart(new Dribble(body), BOUNDARY, FormLimits.DEFAULT.memory(1 << 30));
        for (Part part; (part = form.next()) != null; ) {
            entries.add(new Entry(part.name(), part.fileName(), part.text()));
        }
        return entries;
    }

    private static void assertComesBack(List<Entry> entries) throws IOException {
        assertThat(decoded(encoded(entries))).isEqualTo(entries);
    }

    @Test
    void everyCharacterComesBack() throws Exception {
        for (int c = 0; c <= 0xffff; c++) {
            if (!Character.isSurrogate((char) c)) {
                String text = "z" + (char) c;
                assertComesBack(List.of(new Entry(text, text + "z", text)));
                assertComesBack(List.of(new Entry(text + "z", null, text)));
            }
        }
    }

    /** A backslash before a quote is where the two ways of quoting meet. */
    @Test
    void anyNamesComeBack() throws Exception {
        String alphabet = "ab \\\";=,:'/%*\r\n\t\0\u00e9\u20ac\ufffd";
        var random = new Random(7578);
        for (int round = 0; round < 50_000; round++) {
            var entries = new ArrayList<Entry>();
            for (int i = random.nextInt(3); i >= 0; i--) {
                String fileName = random.nextBoolean() ? name(random, alphabet) : null;
                entries.add(new Entry(name(random, alphabet), fileName, some(random, alphabet)));
            }
            assertComesBack(entries);
        }
    }

    /**
     * Two kinds of name cannot be told from others: with backslashes that are all in pairs, and
     * with what a browser writes for a quote or a line's end, for which the alphabet has no digits.
     */
    private static String name(Random random, String alphabet) {
        while (true) {
            String name = some(random, alphabet);
            if (!name.contains("\\\\")) {
                return name;
            }
        }
    }

    private static String some(Random random, String alphabet) {
        var text = new StringBuilder();
        for (int length = random.nextInt(8); length > 0; length--) {
            text.append(alphabet.charAt(random.nextInt(alphabet.length())));
        }
        return text.toString();
    }
}
