package io.weft.http.demo;

import io.weft.http.Request;
import io.weft.http.Response;
import io.weft.http.Router;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Base64;
import java.util.Map;

/** Authentication: Basic (RFC 7617) and Bearer (RFC 6750). */
final class Access {
    private Access() {}

    static void addTo(Router routes) {
        routes.get(
                "/basic-auth/{user}/{password}",
                (request, response) -> basic(request, response, 401));
        routes.get(
                "/hidden-basic-auth/{user}/{password}",
                (request, response) -> basic(request, response, 404));
        routes.get("/bearer", Access::bearer);
    }

    private static void basic(Request request, Response response, int refusal) throws IOException {
        String user = request.pathParameter("user");
        String given = credentials(request, "Basic ");
        String expected = user + ":" + request.pathParameter("password");
        if (given == null || !isSame(decoded(given), expected)) {
            if (refusal == 401) {
                response.header("WWW-Authenticate", "Basic realm=\"Fake Realm\"");
            }
            response.status(refusal).send();
            return;
        }
        Json.send(response, Map.of("authenticated", true, "user", user));
    }

    private static void bearer(Request request, Response response) throws IOException {
        String token = credentials(request, "Bearer ");
        if (token == null) {
            response.status(401).header("WWW-Authenticate", "Bearer").send();
            return;
        }
        Json.send(response, Map.of("authenticated", true, "token", token));
    }

    private static @Nullable String credentials(Request request, String scheme) {
        String header = request.header("Authorization");
        return header != null && header.regionMatches(true, 0, scheme, 0, scheme.length())
                ? header.substring(scheme.length()).strip()
                : null;
    }

    private static String decoded(String credentials) {
        try {
            return new String(Base64.getDecoder().decode(credentials), StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            return "";
        }
    }

    /** In a time that does not tell how much of it was right. */
    private static boolean isSame(String given, String expected) {
        return MessageDigest.isEqual(
                given.getBytes(StandardCharsets.UTF_8), expected.getBytes(StandardCharsets.UTF_8));
    }
}
