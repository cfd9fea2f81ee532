package io.weft.http.files;

import static org.assertj.core.api.Assertions.assertThat;

import io.weft.http.HttpException;
import io.weft.http.testing.Asked;

import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A range is the part of the file that it names, or all of it (RFC 9110 section 14). */
public final class RangeFuzz {
    private static final Pattern RANGE = Pattern.compile("(?i)bytes=[ \t]*(\\d*)-(\\d*)[ \t]*");
    private static final long MODIFIED = 1_000_000_000_000L;

    private RangeFuzz() {}

    /**
     * One input of the fuzzer: the file's size by a first byte, which is a power of two or one less
     * or more, then {@code Range}, and behind a line's end {@code If-Range}, where {@code ~} is the
     * file's tag.
     */
    public static void fuzzerTestOneInput(byte[] input) throws HttpException {
        if (input.length == 0) {
            return;
        }
        long size = Math.max(0, (1L << (input[0] & 0x3f) % 60) + (input[0] >> 6));
        var found = new Found(false, null, size, MODIFIED, null, "text/plain", null, false);
        String text = new String(input, 1, input.length - 1, StandardCharsets.ISO_8859_1);
        String[] lines = text.split("\n", 2);
        String condition = lines.length > 1 ? lines[1].replace("~", found.tag()) : null;
        Map<String, List<String>> fields = new HashMap<>();
        fields.put("Range", List.of(lines[0]));
        if (condition != null) {
            fields.put("If-Range", List.of(condition));
        }
        var range = ByteRange.of(Asked.fields(fields), found);

        Matcher asked = RANGE.matcher(lines[0]);
        boolean isOf =
                condition == null
                        || condition.equals(found.tag())
                        || (!condition.endsWith("\"")
                                && Long.valueOf(MODIFIED / 1000)
                                        .equals(Condition.seconds(condition)));
        assertThat(range)
                .isEqualTo(
                        isOf && asked.matches()
                                ? reference(asked.group(1), asked.group(2), size)
                                : new ByteRange(0, size - 1, size, false));
        if (!range.isNowhere()) {
            assertThat(range.first()).isBetween(0L, Math.max(0, range.last()));
            assertThat(range.last()).isLessThan(size);
            assertThat(range.length()).isBetween(0L, size);
        }
    }

    /** Nobody needs numbers of more than 18 digits; what has them is not understood. */
    private static ByteRange reference(String first, String last, long size) {
        var whole = new ByteRange(0, size - 1, size, false);
        if (first.length() > 18 || last.length() > 18 || (first + last).isEmpty()) {
            return whole;
        }
        BigInteger end = BigInteger.valueOf(size);
        if (first.isEmpty()) {
            BigInteger from = end.subtract(new BigInteger(last)).max(BigInteger.ZERO);
            return new ByteRange(from.longValueExact(), size - 1, size, true);
        }
        BigInteger from = new BigInteger(first);
        BigInteger to = last.isEmpty() ? from.max(end) : new BigInteger(last);
        return to.compareTo(from) < 0
                ? whole
                : new ByteRange(
                        from.longValueExact(),
                        to.min(end.subtract(BigInteger.ONE)).longValueExact(),
                        size,
                        true);
    }
}
