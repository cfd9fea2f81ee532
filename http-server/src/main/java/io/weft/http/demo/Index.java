package io.weft.http.demo;

import io.weft.http.Handler;
import io.weft.http.Request;
import io.weft.http.Response;
import io.weft.http.Router;

import org.jspecify.annotations.Nullable;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;

/** Lists all routes: to a browser as a page with things to try, to others as JSON. */
final class Index implements Handler {
    private static final String PLACE = "<!-- routes -->\n";

    /** What to follow for a path with placeholders; those behind a click in vain have none. */
    private static final Map<String, String> SAMPLES =
            Map.ofEntries(
                    Map.entry("/status/{codes}", "/status/418"),
                    Map.entry("/base64/{value}", "/base64/V2VmdCBzZXJ2ZXM="),
                    Map.entry("/links/{n}", "/links/5"),
                    Map.entry("/links/{n}/{offset}", "/links/5/2"),
                    Map.entry("/delay/{n}", "/delay/2"),
                    Map.entry("/stream/{n}", "/stream/5"),
                    Map.entry("/stream-bytes/{n}", "/stream-bytes/1024"),
                    Map.entry("/bytes/{n}", "/bytes/1024"),
                    Map.entry("/range/{n}", "/range/100"),
                    Map.entry("/drip", "/drip?numbytes=20&amp;duration=2"),
                    Map.entry("/redirect/{n}", "/redirect/3"),
                    Map.entry("/relative-redirect/{n}", "/relative-redirect/3"),
                    Map.entry("/absolute-redirect/{n}", "/absolute-redirect/3"),
                    Map.entry("/redirect-to", "/redirect-to?url=/get"),
                    Map.entry("/anything/{rest...}", "/anything/a/b?c=d"),
                    Map.entry("/response-headers", "/response-headers?X-Told=back"),
                    Map.entry("/cookies/set", "/cookies/set?thread=weft"),
                    Map.entry("/cookies/set/{name}/{value}", "/cookies/set/thread/weft"),
                    Map.entry("/cookies/delete", "/cookies/delete?thread"),
                    Map.entry("/basic-auth/{user}/{password}", "/basic-auth/weft/warp"),
                    Map.entry("/cache/{n}", "/cache/60"),
                    Map.entry("/etag/{etag}", "/etag/weft"),
                    Map.entry("/poll", "/poll?timeout=2"));

    /** A click sends no such request as these want. */
    private static final List<String> NOT_BY_CLICK =
            List.of("/websocket/echo", "/bearer", "/hidden-basic-auth/{user}/{password}");

    private final Router routes;
    private final String page = page();

    Index(Router routes) {
        this.routes = routes;
    }

    private static String page() {
        try (InputStream in = Index.class.getResourceAsStream("index.html")) {
            if (in == null) {
                throw new FileNotFoundException("index.html beside " + Index.class);
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void handle(Request request, Response response) throws IOException {
        List<String> patterns = routes.patterns();
        response.header("Vary", "Accept");
        if (!wantsPage(request)) {
            Json.send(response, patterns);
            return;
        }
        var items = new StringBuilder();
        patterns.forEach(pattern -> items.append(item(pattern)));
        response.header("Content-Type", "text/html; charset=utf-8")
                .send(page.replace(PLACE, items));
    }

    private static boolean wantsPage(Request request) {
        return String.join(",", request.headers().getAll("Accept")).contains("text/html");
    }

    /** A link where a click can follow it. */
    private static String item(String pattern) {
        int space = pattern.indexOf(' ');
        String method = pattern.substring(0, space);
        String path = pattern.substring(space + 1);
        String link = method.equals("GET") || method.equals("*") ? link(path) : null;
        String shown = link == null ? path : "<a href=\"" + link + "\">" + path + "</a>";
        return "<li><b>" + (method.equals("*") ? "any" : method) + "</b>" + shown + "\n";
    }

    private static @Nullable String link(String path) {
        String sample = SAMPLES.get(path);
        boolean follows = !path.contains("{") && !NOT_BY_CLICK.contains(path);
        return sample != null ? sample : follows ? path : null;
    }
}
