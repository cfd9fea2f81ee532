package io.weft.http;

import io.netty.handler.codec.http.cookie.ServerCookieDecoder;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Reads what a client sends in {@code Cookie}. */
final class Cookies {
    private Cookies() {}

    static Map<String, String> parse(List<String> headers) {
        var cookies = new LinkedHashMap<String, String>();
        for (String header : headers) {
            for (var cookie : ServerCookieDecoder.LAX.decodeAll(header)) {
                cookies.putIfAbsent(cookie.name(), cookie.value());
            }
        }
        return cookies;
    }
}
