package io.weft.http.grammar;

import org.jspecify.annotations.Nullable;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;

/**
 * Bytes in a string, one to a character, U+0000 to U+00FF: as fields and targets come off the wire,
 * and as PEP 3333 has all of its strings. A character beyond, which no wire brings, stands for the
 * bytes it has in UTF-8: it is never cut to one.
 */
public final class Octets {
    private Octets() {}

    /** The bytes that {@code octets} stand for. */
    public static byte[] bytes(String octets) {
        return octets.getBytes(
                isWithin(octets, 0xff) ? StandardCharsets.ISO_8859_1 : StandardCharsets.UTF_8);
    }

    /** Some bytes as a string. */
    public static String of(byte[] bytes, int offset, int length) {
        return new String(bytes, offset, length, StandardCharsets.ISO_8859_1);
    }

    /** A text's bytes in UTF-8 as a string. */
    public static String ofText(String text) {
        return isWithin(text, 0x7f)
                ? text
                : new String(text.getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1);
    }

    /** What the bytes say in UTF-8, with U+FFFD for what says nothing (WHATWG Encoding 6). */
    public static String text(String octets) {
        return isWithin(octets, 0x7f) ? octets : new String(bytes(octets), StandardCharsets.UTF_8);
    }

    /** What the bytes say in UTF-8; null if they are not UTF-8. */
    public static @Nullable String utf8(String octets) {
        if (isWithin(octets, 0x7f)) {
            return octets;
        }
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes(octets)))
                    .toString();
        } catch (CharacterCodingException e) {
            return null;
        }
    }

    private static boolean isWithin(String text, int most) {
        for (int i = 0; i < text.length(); i++) {
            if (text.charAt(i) > most) {
                return false;
            }
        }
        return true;
    }
}
