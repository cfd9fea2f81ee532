package io.weft.http.grammar;

import static org.assertj.core.api.Assertions.assertThat;

import io.weft.http.testing.Reference;

import org.jspecify.annotations.Nullable;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Stream;

/**
 * A path has the segments that the standard says, and none that leads up (RFC 3986 section 3.3).
 */
public final class PathFuzz {
    private PathFuzz() {}

    /** One input of the fuzzer: a path without its first slash. */
    public static void fuzzerTestOneInput(byte[] input) {
        String path = new String(input, StandardCharsets.ISO_8859_1);
        boolean wellFormed = !path.matches("(?s).*%(?![0-9A-Fa-f]{2}).*");
        assertThat(PercentEncoding.isWellFormed(path)).isEqualTo(wellFormed);
        assertThat(PercentEncoding.decode(path)).isEqualTo(Reference.percentDecoded(path));
        assertThat(PathSegments.of("/" + path)).isEqualTo(reference(path));
        String kept = path.replaceAll("%2[Ff]", "%252F");
        assertThat(PercentEncoding.decodePath(path)).isEqualTo(Reference.percentDecoded(kept));
    }

    private static @Nullable List<String> reference(String path) {
        List<String> segments =
                Stream.of(path.split("/", -1)).map(Reference::percentDecoded).toList();
        boolean empty = segments.subList(0, segments.size() - 1).contains("");
        for (String segment : segments) {
            List<String> names = List.of(segment.split("[/\\\\]", -1));
            if (empty || segment.contains("\0") || names.contains(".") || names.contains("..")) {
                return null;
            }
        }
        return segments;
    }
}
