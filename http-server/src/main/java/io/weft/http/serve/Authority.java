package io.weft.http.serve;

import io.netty.util.NetUtil;

/**
 * A host and its port, as the Host field and a target have them (RFC 3986 section 3.2, without the
 * user information that RFC 9110 section 4.2.4 takes for an attempt to deceive).
 *
 * <pre>
 *   reg-name / IPv4address / "[" IPv6address / IPvFuture "]"  [ ":" *DIGIT ]
 * </pre>
 */
final class Authority {
    private static final int LAST_PORT = 65535;

    private Authority() {}

    static boolean isValid(CharSequence text) {
        int end = text.length() > 0 && text.charAt(0) == '[' ? literalEnd(text) : nameEnd(text);
        return end > 0
                && (end == text.length() || (text.charAt(end) == ':' && isPort(text, end + 1)));
    }

    /** Whether a valid one has a port that is not empty. */
    static boolean hasPort(String text) {
        int colon = text.lastIndexOf(':');
        return colon > text.lastIndexOf(']') && colon + 1 < text.length();
    }

    private static int nameEnd(CharSequence text) {
        int at = 0;
        while (true) {
            at = Grammar.end(text, at, Grammar.HOST);
            if (!isEscape(text, at)) {
                return at;
            }
            at += 3;
        }
    }

    private static boolean isEscape(CharSequence text, int at) {
        return at + 2 < text.length()
                && text.charAt(at) == '%'
                && Grammar.is(text.charAt(at + 1), Grammar.HEX)
                && Grammar.is(text.charAt(at + 2), Grammar.HEX);
    }

    /** Behind the bracket; -1 if there is no address before it. */
    private static int literalEnd(CharSequence text) {
        int bracket = 1;
        while (bracket < text.length() && text.charAt(bracket) != ']') {
            bracket++;
        }
        if (bracket == text.length()) {
            return -1;
        }
        CharSequence address = text.subSequence(1, bracket);
        return isFuture(address) || isIpV6(address) ? bracket + 1 : -1;
    }

    private static boolean isFuture(CharSequence text) {
        if (text.length() == 0 || (text.charAt(0) | 0x20) != 'v') {
            return false;
        }
        int dot = Grammar.end(text, 1, Grammar.HEX);
        return dot > 1
                && dot + 1 < text.length()
                && text.charAt(dot) == '.'
                && Grammar.end(text, dot + 1, Grammar.FUTURE) == text.length();
    }

    /** Without a zone: it means something on the sender's machine only (RFC 6874 section 1). */
    private static boolean isIpV6(CharSequence text) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (!Grammar.is(c, Grammar.HEX) && c != ':' && c != '.') {
                return false;
            }
        }
        return NetUtil.isValidIpV6Address(text.toString());
    }

    /** It may be empty, and have zeros before it. */
    private static boolean isPort(CharSequence text, int start) {
        int port = 0;
        for (int i = start; i < text.length(); i++) {
            char c = text.charAt(i);
            if (!Grammar.is(c, Grammar.DIGIT)) {
                return false;
            }
            port = port * 10 + (c - '0');
            if (port > LAST_PORT) {
                return false;
            }
        }
        return true;
    }
}
