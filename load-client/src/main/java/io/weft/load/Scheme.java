package io.weft.load;

/** What is spoken with the server, as a target's beginning says it. */
enum Scheme {
    TCP(0, false),
    TLS(0, true),
    HTTP(80, false),
    HTTPS(443, true),
    WS(80, false),
    WSS(443, true);

    private final int port;
    private final boolean secure;

    Scheme(int port, boolean secure) {
        this.port = port;
        this.secure = secure;
    }

    /** The port where a target names none; 0 if it has to. */
    int port() {
        return port;
    }

    boolean isSecure() {
        return secure;
    }

    boolean isHttp() {
        return this == HTTP || this == HTTPS;
    }

    boolean isWebSocket() {
        return this == WS || this == WSS;
    }

    /** Whether what is sent is to come back as it is. */
    boolean isEcho() {
        return !isHttp();
    }
}
