package io.weft.http.form;

import static org.assertj.core.api.Assertions.assertThat;

import io.weft.http.grammar.ExtendedValue;
import io.weft.http.testing.Reference;

import org.jspecify.annotations.Nullable;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;

/**
 * The names that a form's part is given come back, by whichever of the ways in which clients write
 * them: a browser's (WHATWG HTML 4.10.21.8), in a quoted string (RFC 2183), extended (RFC 8187).
 */
public final class DispositionFuzz {
    private DispositionFuzz() {}

    /** One input of the fuzzer: a name and a file's name, with a NUL between them. */
    public static void fuzzerTestOneInput(byte[] input) throws IOException {
        String[] names = new String(input, StandardCharsets.ISO_8859_1).split("\0", 2);
        String name = names[0];
        String file = names.length > 1 ? names[1] : "";
        comesBack(browsers(name), unescaped(name), browsers(file), unescaped(file));
        comesBack(quoted(name), unescaped(quotable(name)), quoted(file), unescaped(quotable(file)));
        String text = Reference.utf8(file);
        assertThat(part("form-data; name=a; filename*=" + ExtendedValue.encode(text)).fileName())
                .isEqualTo(text);
    }

    private static void comesBack(@Nullable String name, String said, String file, String saidFile)
            throws IOException {
        if (name == null || file == null) {
            return; // cannot be written in this way
        }
        Part part = part("form-data; name=" + name + "; filename=" + file);
        assertThat(part.name()).isEqualTo(said);
        assertThat(part.fileName()).isEqualTo(saidFile);
    }

    /** Two backslashes could be one that is escaped; null if the name has them. */
    private static @Nullable String browsers(String name) {
        String escaped = name.replace("\"", "%22").replace("\r", "%0D").replace("\n", "%0A");
        return name.contains("\\\\") ? null : '"' + escaped + '"';
    }

    private static String quoted(String name) {
        return '"' + quotable(name).replace("\\", "\\\\").replace("\"", "\\\"") + '"';
    }

    /** A line has no end within. */
    private static String quotable(String name) {
        return name.replace('\r', ' ').replace('\n', ' ');
    }

    /** A browser escapes no percent sign, so that these have always come from it. */
    private static String unescaped(String name) {
        return Reference.utf8(name.replace("%22", "\"").replace("%0D", "\r").replace("%0A", "\n"));
    }

    private static Part part(String disposition) throws IOException {
        String body = "--b\r\nContent-Disposition: " + disposition + "\r\n\r\n\r\n--b--";
        var octets = new ByteArrayInputStream(body.getBytes(StandardCharsets.ISO_8859_1));
        return new Multipart(octets, "b", FormLimits.DEFAULT).next();
    }
}
