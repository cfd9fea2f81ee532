package io.weft.http.demo;

import io.weft.http.Handler;
import io.weft.http.Router;

/** All of the demo's routes. */
public final class Demo {
    private Demo() {}

    /** A handler that answers them. */
    public static Handler handler() {
        var routes = new Router();
        Requests.addTo(routes);
        Answers.addTo(routes);
        Streams.addTo(routes);
        Redirects.addTo(routes);
        Cookies.addTo(routes);
        Access.addTo(routes);
        Caching.addTo(routes);
        Messages.addTo(routes);
        routes.get("/plaintext", (request, response) -> response.send("Hello, World!"));
        routes.get("/", (request, response) -> Json.send(response, routes.patterns()));
        return routes;
    }
}
