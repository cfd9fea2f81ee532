package io.weft.http;

import io.netty.handler.codec.http.cookie.CookieHeaderNames;
import io.netty.handler.codec.http.cookie.DefaultCookie;
import io.netty.handler.codec.http.cookie.ServerCookieEncoder;
import io.weft.Printable;
import io.weft.http.grammar.Ascii;

import org.jspecify.annotations.Nullable;

import java.time.Duration;

/**
 * A cookie for the client to keep (RFC 6265 section 4.1). A name or value with characters that it
 * must not have is refused when it is sent. Immutable.
 *
 * <pre>{@code
 * response.cookie(Cookie.of("session", id).secure(true));
 * }</pre>
 *
 * <p>Unless it is told otherwise it is kept from scripts and from what other sites post ({@code
 * HttpOnly}, {@code SameSite=Lax}), as Django has its session's. {@code Secure} is the
 * application's to say: a server behind a proxy may not know.
 */
public final class Cookie {
    private final String name;
    private final String value;
    private final @Nullable String path;
    private final @Nullable String domain;
    private final @Nullable Duration maxAge;
    private final boolean httpOnly;
    private final boolean secure;
    private final @Nullable String sameSite;

    private Cookie(
            String name,
            String value,
            @Nullable String path,
            @Nullable String domain,
            @Nullable Duration maxAge,
            boolean httpOnly,
            boolean secure,
            @Nullable String sameSite) {
        this.name = name;
        this.value = value;
        this.path = path;
        this.domain = domain;
        this.maxAge = maxAge;
        this.httpOnly = httpOnly;
        this.secure = secure;
        this.sameSite = sameSite;
    }

    /** For all paths of the host, until the client ends; HttpOnly and SameSite=Lax. */
    public static Cookie of(String name, String value) {
        return new Cookie(name, value, "/", null, null, true, false, "Lax");
    }

    /** Has the client forget the cookie of that name, path and domain. */
    public static Cookie forget(String name) {
        return of(name, "").maxAge(Duration.ZERO);
    }

    /** For paths below this one; null for those beside the request's. */
    public Cookie path(@Nullable String root) {
        return new Cookie(name, value, root, domain, maxAge, httpOnly, secure, sameSite);
    }

    /** For this domain and those below; null for the request's host alone. */
    public Cookie domain(@Nullable String root) {
        return new Cookie(name, value, path, root, maxAge, httpOnly, secure, sameSite);
    }

    /** How long to keep it; null for as long as the client runs; zero to forget it now. */
    public Cookie maxAge(@Nullable Duration time) {
        return new Cookie(name, value, path, domain, time, httpOnly, secure, sameSite);
    }

    /** Whether it is kept from scripts; it is by default. */
    public Cookie httpOnly(boolean hidden) {
        return new Cookie(name, value, path, domain, maxAge, hidden, secure, sameSite);
    }

    /** Whether it is sent over TLS only; not by default. */
    public Cookie secure(boolean only) {
        return new Cookie(name, value, path, domain, maxAge, httpOnly, only, sameSite);
    }

    /**
     * When it goes with what other sites ask for: {@code Strict}, {@code Lax}, which is the
     * default, or {@code None}, which clients take of a secure one only, so that another is refused
     * when it is sent; null to leave it to the client.
     *
     * @throws IllegalArgumentException if it is none of these
     */
    public Cookie sameSite(@Nullable String policy) {
        if (policy != null) {
            CookieHeaderNames.SameSite.valueOf(policy);
        }
        return new Cookie(name, value, path, domain, maxAge, httpOnly, secure, policy);
    }

    String encoded() {
        if (!Ascii.isToken(name)) { // Netty would leave out control characters around it
            throw new IllegalArgumentException(
                    "expected a token as a cookie's name (RFC 6265 section 4.1.1), but got '"
                            + Printable.escaped(name)
                            + "'");
        }
        var cookie = new DefaultCookie(name, value);
        cookie.setPath(path);
        cookie.setDomain(domain);
        if (maxAge != null) {
            cookie.setMaxAge(maxAge.toSeconds());
        }
        cookie.setHttpOnly(httpOnly);
        cookie.setSecure(secure);
        if (sameSite != null) {
            if (sameSite.equals("None") && !secure) {
                throw new IllegalArgumentException(
                        "expected a cookie with SameSite=None to be secure, but "
                                + name
                                + " is not");
            }
            cookie.setSameSite(CookieHeaderNames.SameSite.valueOf(sameSite));
        }
        return ServerCookieEncoder.STRICT.encode(cookie);
    }
}
