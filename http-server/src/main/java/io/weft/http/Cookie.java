package io.weft.http;

import io.netty.handler.codec.http.cookie.CookieHeaderNames;
import io.netty.handler.codec.http.cookie.DefaultCookie;
import io.netty.handler.codec.http.cookie.ServerCookieEncoder;

import org.jspecify.annotations.Nullable;

import java.time.Duration;

/**
 * A cookie for the client to keep (RFC 6265 section 4.1). A name or value with characters that it
 * must not have is refused when it is sent.
 *
 * @param maxAge how long to keep it; null for as long as the client runs; zero to forget it now
 * @param sameSite {@code Strict}, {@code Lax} or {@code None}; null to leave it to the client
 */
public record Cookie(
        String name,
        String value,
        @Nullable String path,
        @Nullable String domain,
        @Nullable Duration maxAge,
        boolean httpOnly,
        boolean secure,
        @Nullable String sameSite) {
    /** For all paths of the host, until the client ends. */
    public static Cookie of(String name, String value) {
        return new Cookie(name, value, "/", null, null, false, false, null);
    }

    /** Has the client forget the cookie of that name. */
    public static Cookie forget(String name) {
        return new Cookie(name, "", "/", null, Duration.ZERO, false, false, null);
    }

    String encoded() {
        var cookie = new DefaultCookie(name, value);
        cookie.setPath(path);
        cookie.setDomain(domain);
        if (maxAge != null) {
            cookie.setMaxAge(maxAge.toSeconds());
        }
        cookie.setHttpOnly(httpOnly);
        cookie.setSecure(secure);
        if (sameSite != null) {
            cookie.setSameSite(CookieHeaderNames.SameSite.valueOf(sameSite));
        }
        return ServerCookieEncoder.STRICT.encode(cookie);
    }
}
