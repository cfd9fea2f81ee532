package io.weft.http.demo;

import io.weft.http.Cookie;
import io.weft.http.HttpException;
import io.weft.http.Request;
import io.weft.http.Response;
import io.weft.http.Router;

import java.io.IOException;
import java.util.Map;

/** Cookies that are set, forgotten and shown. */
final class Cookies {
    private Cookies() {}

    static void addTo(Router routes) {
        routes.get(
                "/cookies",
                (request, response) -> Json.send(response, Map.of("cookies", request.cookies())));
        routes.get("/cookies/set", Cookies::set);
        routes.get(
                "/cookies/set/{name}/{value}",
                (request, response) -> {
                    keep(
                            response,
                            Cookie.of(
                                    request.pathParameter("name"), request.pathParameter("value")));
                    back(response);
                });
        routes.get("/cookies/delete", Cookies::delete);
    }

    private static void set(Request request, Response response) throws IOException, HttpException {
        for (var each : request.queries().entrySet()) {
            keep(response, Cookie.of(each.getKey(), each.getValue().getFirst()));
        }
        back(response);
    }

    private static void delete(Request request, Response response)
            throws IOException, HttpException {
        for (String name : request.queries().keySet()) {
            keep(response, Cookie.forget(name));
        }
        back(response);
    }

    private static void keep(Response response, Cookie cookie) throws HttpException {
        try {
            response.cookie(cookie);
        } catch (IllegalArgumentException e) {
            throw new HttpException(400, "expected a name and a value that a cookie can have", e);
        }
    }

    private static void back(Response response) throws IOException {
        response.status(302).header("Location", "/cookies").send();
    }
}
