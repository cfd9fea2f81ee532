package io.weft.http;

/** The forms of a request target (RFC 9112 section 3.2). */
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
            if (c == '/' || c == '?') {
                return i;
            }
        }
        return target.length();
    }
}
