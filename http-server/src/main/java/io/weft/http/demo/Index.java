package io.weft.http.demo;

import io.weft.http.Handler;
import io.weft.http.Request;
import io.weft.http.Response;
import io.weft.http.Router;

import java.io.IOException;
import java.util.List;

/** Lists all routes: to a browser as a page with links, to others as JSON. */
final class Index implements Handler {
    private static final String BEFORE =
            """
            <!DOCTYPE html>
            <html lang="en">
              <head><meta charset="utf-8"><title>Weft</title></head>
              <body>
                <h1>Weft</h1>
                <p>The paths of httpbin, and a few of Weft's own:</p>
                <ul>
            """;

    private static final String AFTER =
            """
                </ul>
              </body>
            </html>
            """;

    private final Router routes;

    Index(Router routes) {
        this.routes = routes;
    }

    @Override
    public void handle(Request request, Response response) throws IOException {
        List<String> patterns = routes.patterns();
        response.header("Vary", "Accept");
        if (!wantsPage(request)) {
            Json.send(response, patterns);
            return;
        }
        var page = new StringBuilder(BEFORE);
        patterns.forEach(pattern -> page.append("      <li>").append(item(pattern)).append('\n'));
        response.header("Content-Type", "text/html; charset=utf-8")
                .send(page.append(AFTER).toString());
    }

    private static boolean wantsPage(Request request) {
        return String.join(",", request.headers().getAll("Accept")).contains("text/html");
    }

    /** A link where a click can follow it. */
    private static String item(String pattern) {
        String path = pattern.substring(pattern.indexOf(' ') + 1);
        boolean asked = pattern.startsWith("GET ") || pattern.startsWith("* ");
        boolean followed = asked && !path.contains("{");
        return followed ? "<a href=\"%s\">%s</a>".formatted(path, pattern) : pattern;
    }
}
