package io.weft.http.websocket;

/**
 * How the client's side ended, and what it is to be told about that.
 *
 * @param code the client's; {@link #NO_CODE} or {@link #LOST} in place of one; ours if it broke the
 *     rules
 * @param fault whether it broke the rules: then the reason is ours too
 */
record Ending(int code, String reason, boolean fault) {
    static final int NORMAL = 1000;
    static final int GOING_AWAY = 1001;
    static final int PROTOCOL_ERROR = 1002;
    static final int NO_CODE = 1005; // of RFC 6455 section 7.4.1, as the next; never sent
    static final int LOST = 1006;
    static final int INVALID_DATA = 1007;
    static final int TOO_BIG = 1009;
    static final int SERVER_ERROR = 1011;

    /** What a control frame has room for (RFC 6455 section 5.5), less the code. */
    static final int MOST_REASON = 123;

    static Ending close(int code, String reason) {
        return new Ending(code < 0 ? NO_CODE : code, reason, false);
    }

    static Ending fault(int code, String reason) {
        return new Ending(code, reason, true);
    }

    static Ending loss(String reason) {
        return new Ending(LOST, reason, false);
    }

    /** Whether the client can be answered. */
    boolean isAnswered() {
        return code != LOST;
    }

    /** Whether a code may be sent (RFC 6455 section 7.4). */
    static boolean isSendable(int code) {
        return (code >= 1000 && code <= 1003)
                || (code >= 1007 && code <= 1014)
                || (code >= 3000 && code <= 4999);
    }
}
