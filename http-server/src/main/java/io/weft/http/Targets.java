package io.weft.http;

import org.jspecify.annotations.Nullable;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;

/**
 * The forms of a request target (RFC 9112 section 3.2), and percent escapes (RFC 3986 section 2.1).
 */
final class Targets {
    private Targets() {}

    /** Origin form of {@code target}, or {@code *}. */
    static String withoutAuthority(String target) throws HttpException {
        if (target.startsWith("/") || target.equals("*")) {
            return target;
        }
        int authority = authorityStart(target);
        if (authority < 0) {
            throw new HttpException(400, "expected a target that starts with a slash or http://");
        }
        int end = authorityEnd(target, authority);
        String rest = target.substring(end);
        return rest.startsWith("/") ? rest : "/" + rest;
    }

    /** The authority of an absolute target; null if it is in another form. */
    static @Nullable String authority(String target) {
        int start = target.startsWith("/") ? -1 : authorityStart(target);
        return start < 0 ? null : target.substring(start, authorityEnd(target, start));
    }

    private static int authorityStart(String target) {
        for (String scheme : new String[] {"http://", "https://"}) {
            if (target.regionMatches(true, 0, scheme, 0, scheme.length())) {
                return scheme.length();
            }
        }
        return -1;
    }

    private static int authorityEnd(String target, int start) {
        for (int i = start; i < target.length(); i++) {
            char c = target.charAt(i);
            if (c == '/' || c == '?' || c == '#') {
                return i;
            }
        }
        return target.length();
    }

    /**
     * {@code text} with its escapes decoded as UTF-8; in a form a plus is a space.
     *
     * @throws HttpException 400 if an escape is malformed, or what it stands for is not UTF-8
     */
    static String decode(String text, boolean form) throws HttpException {
        if (text.indexOf('%') < 0 && !(form && text.indexOf('+') >= 0)) {
            return text;
        }
        ByteBuffer bytes = ByteBuffer.allocate(text.length());
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '%') {
                bytes.put((byte) escape(text, i));
                i += 2;
            } else {
                bytes.put((byte) (form && c == '+' ? ' ' : c));
            }
        }
        try {
            return StandardCharsets.UTF_8.newDecoder().decode(bytes.flip()).toString();
        } catch (CharacterCodingException e) {
            throw new HttpException(400, "expected UTF-8 behind the percent escapes", e);
        }
    }

    private static int escape(String text, int at) throws HttpException {
        int high = at + 2 < text.length() ? Character.digit(text.charAt(at + 1), 16) : -1;
        int low = at + 2 < text.length() ? Character.digit(text.charAt(at + 2), 16) : -1;
        if (high < 0 || low < 0) {
            throw new HttpException(400, "expected two hexadecimal digits after a percent sign");
        }
        return high << 4 | low;
    }
}
