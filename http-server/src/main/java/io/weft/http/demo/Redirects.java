package io.weft.http.demo;

import io.weft.http.HttpException;
import io.weft.http.Request;
import io.weft.http.Response;
import io.weft.http.Router;

import java.io.IOException;

/** Redirections that count down to {@code /get}. */
final class Redirects {
    private static final int MOST = 100;

    private Redirects() {}

    static void addTo(Router routes) {
        routes.get(
                "/redirect/{n}",
                (request, response) ->
                        countDown(
                                request,
                                response,
                                "true".equals(request.query("absolute"))
                                        ? Requests.base(request) + "/absolute-redirect/"
                                        : "/relative-redirect/"));
        routes.get(
                "/relative-redirect/{n}",
                (request, response) -> countDown(request, response, "/relative-redirect/"));
        routes.get(
                "/absolute-redirect/{n}",
                (request, response) ->
                        countDown(
                                request, response, Requests.base(request) + "/absolute-redirect/"));
        routes.any("/redirect-to", Redirects::to);
    }

    private static void countDown(Request request, Response response, String next)
            throws IOException, HttpException {
        int left = Parameters.path(request, "n", MOST);
        String base = next.startsWith("/") ? "" : Requests.base(request);
        response.status(302)
                .header("Location", left <= 1 ? base + "/get" : next + (left - 1))
                .send();
    }

    private static void to(Request request, Response response) throws IOException, HttpException {
        String url = request.query("url");
        if (url == null) {
            throw new HttpException(400, "expected a url to go to");
        }
        int code = Parameters.query(request, "status_code", 302, 399);
        try {
            response.status(code >= 300 ? code : 302).header("Location", url).send();
        } catch (IllegalArgumentException e) {
            throw new HttpException(400, "expected a url that a header can hold", e);
        }
    }
}
