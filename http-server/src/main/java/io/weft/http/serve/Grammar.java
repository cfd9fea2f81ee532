package io.weft.http.serve;

/** Which characters may stand where (RFC 3986 appendix A; RFC 9110 section 5.6.2). */
final class Grammar {
    static final int TOKEN = 1;
    static final int PATH = 2;
    static final int QUERY = 4;
    static final int HOST = 8;
    static final int FUTURE = 16; // of an IP literal, behind its version
    static final int DIGIT = 32;
    static final int HEX = 64;

    private static final String UNRESERVED = "-._~";
    private static final String SUB_DELIMS = "!$&'()*+,;=";

    /**
     * What browsers send as it is, though it belongs escaped (WHATWG URL: path and query
     * percent-encode sets, today's and those of a few years ago). A percent sign that begins no
     * escape is one of them; what is wrong with it is said by who decodes it.
     */
    private static final String RAW_IN_PATH = "%[]|^";

    private static final String RAW_IN_QUERY = RAW_IN_PATH + "`{}\\";

    private static final byte[] OF = new byte[256];

    static {
        allow("0123456789", DIGIT | HEX);
        allow("abcdefABCDEF", HEX);
        for (char c = 'a'; c <= 'z'; c++) {
            allow("" + c + Character.toUpperCase(c), TOKEN | PATH | QUERY | HOST | FUTURE);
        }
        allow("0123456789", TOKEN | PATH | QUERY | HOST | FUTURE);
        allow("!#$%&'*+-.^_`|~", TOKEN);
        allow(UNRESERVED + SUB_DELIMS, PATH | QUERY | HOST | FUTURE);
        allow(":", PATH | QUERY | FUTURE);
        allow("@/", PATH | QUERY);
        allow("?", QUERY);
        allow(RAW_IN_PATH, PATH);
        allow(RAW_IN_QUERY, QUERY);
        for (char c = 0x80; c < OF.length; c++) { // UTF-8 as it is: curl and other plain clients
            OF[c] = PATH | QUERY;
        }
        OF[','] &=
                ~HOST; // where two fields were joined it is a list, of which one would be believed
    }

    private Grammar() {}

    private static void allow(String characters, int where) {
        for (int i = 0; i < characters.length(); i++) {
            OF[characters.charAt(i)] |= (byte) where;
        }
    }

    static boolean is(char c, int where) {
        return c < OF.length && (OF[c] & where) != 0;
    }

    /** Where the first character is, from {@code start} on, that may not stand there. */
    static int end(CharSequence text, int start, int where) {
        int at = start;
        while (at < text.length() && is(text.charAt(at), where)) {
            at++;
        }
        return at;
    }
}
