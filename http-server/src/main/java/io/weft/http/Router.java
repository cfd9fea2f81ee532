package io.weft.http;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;

/**
 * Chooses a handler by method and path. A pattern's segments are literal, or have one placeholder
 * {@code {name}} for some characters, as {@code {id}} or {@code {id}.json} do; its last one may be
 * {@code {name...}} for all that is left. Patterns are written as they read, {@code /Käse}, and
 * held against the path's decoded segments ({@link Request#pathSegments}), however a client escapes
 * them; what that refuses reaches no handler.
 *
 * <p>Routes are tried in the order in which they were added; a path that fits none is answered by
 * 404, one that fits with other methods only by 405 (RFC 9110 section 15.5.6). HEAD is answered by
 * a route for GET, and OPTIONS by the list of methods, unless there is a route for them; {@code
 * OPTIONS *} by the methods of all routes. To be set up before it is used.
 */
public final class Router implements Handler {
    private record Route(String method, RoutePattern pattern, Handler handler) {}

    private final List<Route> routes = new ArrayList<>();
    private Handler otherwise =
            (request, response) -> {
                throw new HttpException(404, "there is nothing at " + request.rawPath());
            };

    /**
     * Adds a route; {@code *} as method is any.
     *
     * @throws IllegalArgumentException if the pattern is malformed, or no path could ever fit it
     */
    public Router route(String method, String pattern, Handler handler) {
        routes.add(new Route(method.toUpperCase(Locale.ROOT), new RoutePattern(pattern), handler));
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
        return routes.stream().map(route -> route.method + " " + route.pattern).toList();
    }

    /** Answers what fits no route. */
    public Router otherwise(Handler handler) {
        otherwise = handler;
        return this;
    }

    @Override
    public void handle(Request request, Response response) throws Exception {
        List<String> path = request.pathSegments();
        var allowed = new TreeSet<String>();
        if (path.isEmpty()) {
            routes.forEach(route -> allowed.add(route.method));
            allowed.remove("*");
            refuse(request, response, allowed);
            return;
        }
        Route forGet = null;
        for (Route route : routes) {
            if (!route.pattern.fits(path)) {
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
        request.pathParameters(route.pattern.parameters(path));
        route.handler.handle(request, response);
    }
}
