package io.weft.http.demo;

import io.netty.handler.codec.DateFormatter;
import io.weft.http.HttpException;
import io.weft.http.Request;
import io.weft.http.Response;
import io.weft.http.Router;

import java.io.IOException;
import java.util.Date;
import java.util.List;
import java.util.UUID;

/** Answers that a client may keep (RFC 9110 section 13, RFC 9111). */
final class Caching {
    private Caching() {}

    static void addTo(Router routes) {
        routes.get("/cache", Caching::cache);
        routes.get(
                "/cache/{n}",
                (request, response) -> {
                    int seconds = Parameters.path(request, "n", Integer.MAX_VALUE);
                    response.header("Cache-Control", "public, max-age=" + seconds);
                    Json.send(response, Requests.head(request));
                });
        routes.get("/etag/{etag}", Caching::etag);
    }

    @SuppressWarnings("JavaUtilDate") // what the formatter takes
    private static void cache(Request request, Response response)
            throws IOException, HttpException {
        if (request.header("If-Modified-Since") != null
                || request.header("If-None-Match") != null) {
            response.status(304).send();
            return;
        }
        response.header("Last-Modified", DateFormatter.format(new Date()))
                .header("ETag", UUID.randomUUID().toString().replace("-", ""));
        Json.send(response, Requests.head(request));
    }

    private static void etag(Request request, Response response) throws IOException, HttpException {
        String etag = request.pathParameter("etag");
        try {
            response.header("ETag", etag);
        } catch (IllegalArgumentException e) {
            throw new HttpException(400, "expected an entity tag that a header can hold", e);
        }
        String none = request.header("If-None-Match");
        String match = request.header("If-Match");
        if (none != null && names(none, etag)) {
            response.status(304).send();
        } else if (match != null && !names(match, etag)) {
            response.status(412).send();
        } else {
            Json.send(response, Requests.head(request));
        }
    }

    private static boolean names(String list, String etag) {
        for (String each : List.of(list.split(",", -1))) {
            String tag = each.strip();
            String weak = tag.startsWith("W/") ? tag.substring(2) : tag;
            String bare = weak.replace("\"", "");
            if (tag.equals("*") || bare.equals(etag.replace("\"", ""))) {
                return true;
            }
        }
        return false;
    }
}
