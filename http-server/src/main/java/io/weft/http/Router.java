package io.weft.http;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * Chooses a handler by method and path. A pattern's segments are literal, a placeholder {@code
 * {name}} for one segment, or at its end {@code {name...}} for all that is left. Routes are tried
 * in the order in which they were added; a path that fits none is answered by 404, one that fits
 * with other methods only by 405 (RFC 9110 section 15.5.6). HEAD is answered by a route for GET,
 * and OPTIONS by the list of methods, unless there is a route for them. To be set up before it is
 * used.
 */
public final class Router implements Handler {
    private record Route(String method, List<String> pattern, Handler handler) {}

    private final List<Route> routes = new ArrayList<>();
    private Handler otherwise =
            (request, response) -> {
                throw new HttpException(404, "there is nothing at " + request.rawPath());
            };

    /** Adds a route; {@code *} as method is any. */
    public Router route(String method, String pattern, Handler handler) {
        if (!pattern.startsWith("/")) {
            throw new IllegalArgumentException(
                    "expected a pattern that starts with a slash, but got '" + pattern + "'");
        }
        routes.add(new Route(method.toUpperCase(Locale.ROOT), segments(pattern), handler));
        return this;
    }

    public Router get(String pattern, Handler handler) {
        return route("GET", pattern, handler);
    }

    public Router post(String pattern, Handler handler) {
        return route("POST", pattern, handler);
    }

    public Router put(String pattern, Handler handler) {
        return route("PUT", pattern, handler);
    }

    public Router delete(String pattern, Handler handler) {
        return route("DELETE", pattern, handler);
    }

    /** Any method. */
    public Router any(String pattern, Handler handler) {
        return route("*", pattern, handler);
    }

    /** All routes as they were added, each as a method and a pattern. */
    public List<String> patterns() {
        return routes.stream()
                .map(route -> route.method + " /" + String.join("/", route.pattern))
                .toList();
    }

    /** Answers what fits no route. */
    public Router otherwise(Handler handler) {
        otherwise = handler;
        return this;
    }

    @Override
    public void handle(Request request, Response response) throws Exception {
        List<String> path = segments(request.rawPath());
        var allowed = new TreeSet<String>();
        Route forGet = null;
        for (Route route : routes) {
            if (!fits(route.pattern, path)) {
                continue;
            }
            if (route.method.equals("*") || route.method.equals(request.method())) {
                run(route, path, request, response);
                return;
            }
            if (forGet == null && route.method.equals("GET")) {
                forGet = route;
            }
            allowed.add(route.method);
        }
        if (allowed.isEmpty()) {
            otherwise.handle(request, response);
        } else if (forGet != null && request.method().equals("HEAD")) {
            run(forGet, path, request, response);
        } else {
            refuse(request, response, allowed);
        }
    }

    private static void refuse(Request request, Response response, Set<String> allowed)
            throws Exception {
        if (allowed.contains("GET")) {
            allowed.add("HEAD");
        }
        allowed.add("OPTIONS");
        String methods = String.join(", ", allowed);
        response.header("Allow", methods);
        if (request.method().equals("OPTIONS")) {
            response.send();
        } else {
            response.status(405).send("expected one of " + methods + "\n");
        }
    }

    private static void run(Route route, List<String> path, Request request, Response response)
            throws Exception {
        request.pathParameters(parameters(route.pattern, path));
        route.handler.handle(request, response);
    }

    private static List<String> segments(String path) {
        return List.of(path.substring(1).split("/", -1));
    }

    private static boolean fits(List<String> pattern, List<String> path) {
        for (int i = 0; i < pattern.size(); i++) {
            String expected = pattern.get(i);
            if (expected.endsWith("...}")) {
                return true;
            }
            if (i >= path.size()
                    || (!isPlaceholder(expected) && !expected.equals(path.get(i)))
                    || (isPlaceholder(expected) && path.get(i).isEmpty())) {
                return false;
            }
        }
        return pattern.size() == path.size();
    }

    private static boolean isPlaceholder(String segment) {
        return segment.startsWith("{") && segment.endsWith("}");
    }

    private static Map<String, String> parameters(List<String> pattern, List<String> path)
            throws HttpException {
        var parameters = new LinkedHashMap<String, String>();
        for (int i = 0; i < pattern.size(); i++) {
            String segment = pattern.get(i);
            if (segment.endsWith("...}")) {
                String rest = String.join("/", path.subList(Math.min(i, path.size()), path.size()));
                parameters.put(
                        segment.substring(1, segment.length() - 4), Targets.decode(rest, false));
            } else if (isPlaceholder(segment)) {
                parameters.put(
                        segment.substring(1, segment.length() - 1),
                        Targets.decode(path.get(i), false));
            }
        }
        return parameters;
    }
}
