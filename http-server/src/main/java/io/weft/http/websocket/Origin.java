package io.weft.http.websocket;

import io.weft.http.HttpException;
import io.weft.http.Request;

import org.jspecify.annotations.Nullable;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * Which web pages may open a WebSocket here (RFC 6455 section 10.2): a browser sends its cookies
 * with the handshake, whichever page has asked for it, and lets that page read what comes.
 */
final class Origin {
    private static final int HTTP = 80;
    private static final int HTTPS = 443;

    private Origin() {}

    /**
     * Nothing, if the request comes from no page, from one of this host, or from one of {@code
     * allowed}.
     *
     * @throws HttpException 403 otherwise
     */
    static void check(Request request, List<String> allowed) throws HttpException {
        List<String> origins = request.headers().getAll("Origin");
        for (String origin : origins) {
            if (!isOf(allowed, origin) && !isOwn(request, origin)) {
                throw new HttpException(
                        403, "expected a WebSocket for a page of this host, not of another origin");
            }
        }
    }

    private static boolean isOf(List<String> allowed, String origin) {
        return allowed.contains("*") || allowed.stream().anyMatch(origin::equalsIgnoreCase);
    }

    /**
     * A page that was fetched without TLS is not of a host that is asked with it. The converse
     * passes: a proxy may have ended TLS without a word. It may also have another name for this
     * host than the client; no page can have a browser send {@code X-Forwarded-Host}.
     */
    private static boolean isOwn(Request request, String origin) {
        String page;
        boolean secure;
        try {
            var uri = new URI(origin);
            secure = "https".equalsIgnoreCase(uri.getScheme());
            if (!secure
                    && (!"http".equalsIgnoreCase(uri.getScheme())
                            || request.scheme().equals("https"))) {
                return false;
            }
            page = uri.getRawAuthority();
        } catch (URISyntaxException e) {
            return false;
        }
        int usual = secure ? HTTPS : HTTP;
        String asked = withPort(page, usual);
        var own = new ArrayList<>(request.headers().getAll("Host"));
        own.addAll(request.headers().getAll("X-Forwarded-Host"));
        return asked != null && own.stream().anyMatch(host -> asked.equals(withPort(host, usual)));
    }

    private static @Nullable String withPort(@Nullable String authority, int usual) {
        if (authority == null || authority.isEmpty()) {
            return null;
        }
        String text = authority.strip().toLowerCase(Locale.ROOT);
        int colon = text.lastIndexOf(':');
        return colon > text.lastIndexOf(']') ? text : text + ":" + usual;
    }
}
