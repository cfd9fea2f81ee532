package io.weft.http.serve;

import io.weft.http.HttpException;
import io.weft.http.Limits;

import org.jspecify.annotations.Nullable;

import java.util.Iterator;
import java.util.Map;

/**
 * What every request has to keep to, by whatever protocol it came: method, target, authority, Host,
 * fields, Expect. How a body is framed is the protocol's to check. Any thread.
 */
public final class RequestRules {
    private static final String CONTINUE = "100-continue";
    private static final String[] SCHEMES = {"http://", "https://"};

    private RequestRules() {}

    /**
     * Checks what came before the body.
     *
     * @param target in the forms of RFC 9112 section 3.2
     * @param fields as the decoder has them, whatever texts those are: to make strings of all would
     *     cost more than all checks
     * @param needsHost whether there has to be a Host field, as in HTTP/1.1
     * @return the authority that the target names, which takes the place of the Host field's (RFC
     *     9112 section 3.2.2); null if it names none
     * @throws HttpException with the status to answer by
     */
    public static @Nullable String check(
            String method,
            String target,
            Iterator<Map.Entry<CharSequence, CharSequence>> fields,
            boolean needsHost,
            Limits limits)
            throws HttpException {
        if (method.isEmpty() || Grammar.end(method, 0, Grammar.TOKEN) < method.length()) {
            throw new HttpException(400, "expected a token as method");
        }
        String authority = authority(method, target);
        checkFields(fields, needsHost, limits);
        return authority;
    }

    private static @Nullable String authority(String method, String target) throws HttpException {
        if (method.equals("CONNECT")) {
            if (!Authority.isValid(target) || !Authority.hasPort(target)) {
                throw new HttpException(400, "expected a host and a port as target of CONNECT");
            }
            throw new HttpException(501, "this server is no proxy");
        }
        if (target.startsWith("/")) {
            checkPath(target, 0);
            return null;
        }
        if (target.equals("*")) {
            if (!method.equals("OPTIONS")) {
                throw new HttpException(400, "expected OPTIONS as method of *");
            }
            return null;
        }
        for (String scheme : SCHEMES) {
            if (target.regionMatches(true, 0, scheme, 0, scheme.length())) {
                return absolute(target, scheme.length());
            }
        }
        throw new HttpException(400, "expected a target that starts with a slash or http://");
    }

    private static String absolute(String target, int start) throws HttpException {
        int end = start;
        while (end < target.length() && target.charAt(end) != '/' && target.charAt(end) != '?') {
            end++;
        }
        String authority = target.substring(start, end);
        if (!Authority.isValid(authority)) {
            throw new HttpException(400, "expected a host and a port in the target");
        }
        checkPath(target, end);
        return authority;
    }

    private static void checkPath(String target, int start) throws HttpException {
        int end = Grammar.end(target, start, Grammar.PATH);
        if (end < target.length() && target.charAt(end) == '?') {
            end = Grammar.end(target, end + 1, Grammar.QUERY);
        }
        if (end < target.length()) {
            throw new HttpException(
                    400,
                    "expected a path and a query as target, but it has character 0x"
                            + Integer.toHexString(target.charAt(end)));
        }
    }

    private static void checkFields(
            Iterator<Map.Entry<CharSequence, CharSequence>> fields,
            boolean needsHost,
            Limits limits)
            throws HttpException {
        int hosts = 0;
        int count = 0;
        while (fields.hasNext()) {
            var field = fields.next();
            CharSequence name = field.getKey();
            CharSequence value = field.getValue();
            count++;
            if (name.length() + value.length() > limits.headerSize()) {
                throw new HttpException(431, "a header field is too large");
            }
            if (isName(name, "host")) {
                hosts++;
                if (value.length() > 0 && !Authority.isValid(value)) { // section 3.2: or nothing
                    throw new HttpException(400, "expected a host and a port in the Host field");
                }
            } else if (isName(name, "expect") && !CONTINUE.equalsIgnoreCase(value.toString())) {
                throw new HttpException(417, "expected 100-continue as the only expectation");
            }
        }
        if (count > limits.headerCount()) {
            throw new HttpException(
                    431,
                    "expected at most "
                            + limits.headerCount()
                            + " header fields, but got "
                            + count);
        }
        if (hosts > 1 || (hosts == 0 && needsHost)) {
            throw new HttpException(400, "expected one Host field, but got " + hosts);
        }
    }

    /** Names are tokens: case is told by one bit of letters only (RFC 9110 section 5.1). */
    private static boolean isName(CharSequence name, String lowerCase) {
        if (name.length() != lowerCase.length()) {
            return false;
        }
        for (int i = 0; i < lowerCase.length(); i++) {
            if ((name.charAt(i) | 0x20) != lowerCase.charAt(i)) {
                return false;
            }
        }
        return true;
    }
}
