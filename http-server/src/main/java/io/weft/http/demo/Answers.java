package io.weft.http.demo;

import io.weft.http.Headers;
import io.weft.http.HttpException;
import io.weft.http.Request;
import io.weft.http.Response;
import io.weft.http.Router;
import io.weft.http.compression.ContentCoding;
import io.weft.http.grammar.Ascii;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.ThreadLocalRandom;

/** Statuses, formats and encodings. */
final class Answers {
    /** How the answer ends is not the client's to say. */
    private static final Set<String> FRAMING = Set.of("content-length", "transfer-encoding");

    private Answers() {}

    static void addTo(Router routes) {
        routes.any("/status/{codes}", Answers::status);
        packed(routes, ContentCoding.GZIP, "gzip", "gzipped");
        packed(routes, ContentCoding.DEFLATE, "deflate", "deflated");
        packed(routes, ContentCoding.BROTLI, "brotli", "brotli");
        packed(routes, ContentCoding.ZSTD, "zstd", "zstd");
        fixed(routes, "/encoding/utf8", "text/html; charset=utf-8", Texts.UTF8);
        fixed(routes, "/html", "text/html; charset=utf-8", Texts.HTML);
        fixed(routes, "/json", "application/json", Texts.JSON);
        fixed(routes, "/xml", "application/xml", Texts.XML);
        fixed(routes, "/robots.txt", "text/plain", Texts.ROBOTS);
        fixed(routes, "/forms/post", "text/html; charset=utf-8", Texts.FORM);
        routes.get("/deny", (request, response) -> response.send("YOU SHOULDN'T BE HERE\n"));
        routes.get(
                "/uuid",
                (request, response) ->
                        Json.send(response, Map.of("uuid", UUID.randomUUID().toString())));
        routes.get("/base64/{value}", Answers::base64);
        routes.any("/response-headers", Answers::responseHeaders);
        routes.get("/links/{n}", Answers::links);
        routes.get("/links/{n}/{offset}", Answers::links);
    }

    private static void fixed(Router routes, String path, String type, String text) {
        byte[] body = text.getBytes(StandardCharsets.UTF_8);
        routes.get(path, (request, response) -> response.header("Content-Type", type).send(body));
    }

    /** One code, or several with weights, of which one is drawn: {@code 200:3,500:1}. */
    private static void status(Request request, Response response)
            throws IOException, HttpException {
        List<String> choices = List.of(request.pathParameter("codes").split(",", -1));
        var codes = new int[choices.size()];
        var weights = new double[choices.size()];
        double total = 0;
        for (int i = 0; i < codes.length; i++) {
            List<String> parts = List.of(choices.get(i).split(":", 2));
            codes[i] = (int) Math.min(1000, Ascii.number(parts.getFirst()));
            weights[i] = parts.size() > 1 ? Parameters.decimal(parts.getLast()) : 1;
            if (codes[i] < 0 || weights[i] < 0) {
                throw new HttpException(400, "Invalid status code");
            }
            total += weights[i];
        }
        double drawn = ThreadLocalRandom.current().nextDouble() * total;
        int chosen = 0;
        while (chosen < codes.length - 1 && (drawn -= weights[chosen]) >= 0) {
            chosen++;
        }
        answer(response, codes[chosen]);
    }

    private static void answer(Response response, int code) throws IOException, HttpException {
        if (code < 200 || code > 599) {
            throw new HttpException(400, "expected a final status, 200 to 599");
        }
        response.status(code);
        switch (code) {
            case 301, 302, 303, 305, 307 -> response.header("Location", "/redirect/1");
            case 401 -> response.header("WWW-Authenticate", "Basic realm=\"Fake Realm\"");
            case 407 -> response.header("Proxy-Authenticate", "Basic realm=\"Fake Realm\"");
            case 406 -> {
                Json.send(response, Texts.NOT_ACCEPTABLE);
                return;
            }
            case 418 -> {
                response.header("X-More-Info", "https://www.rfc-editor.org/rfc/rfc2324");
                response.send(Texts.TEAPOT);
                return;
            }
            default -> {}
        }
        response.send();
    }

    /** Answers in that coding, whatever the client takes. */
    private static void packed(Router routes, ContentCoding coding, String path, String key) {
        if (!coding.isAvailable()) {
            return;
        }
        routes.get(
                "/" + path,
                (request, response) -> {
                    var answer = Requests.head(request);
                    answer.remove("args");
                    answer.remove("url");
                    answer.put("method", request.method());
                    answer.put(key, true);
                    byte[] json = Json.write(answer).getBytes(StandardCharsets.UTF_8);
                    response.header("Content-Type", "application/json")
                            .header("Content-Encoding", coding.token())
                            .send(coding.compress(json));
                });
    }

    private static void base64(Request request, Response response) throws IOException {
        byte[] decoded;
        try {
            decoded = Base64.getUrlDecoder().decode(request.pathParameter("value"));
        } catch (IllegalArgumentException e) {
            decoded =
                    "Incorrect Base64 data try: SFRUUEJJTiBpcyBhd2Vzb21l"
                            .getBytes(StandardCharsets.UTF_8);
        }
        response.header("Content-Type", "text/plain; charset=utf-8") // not a page of the client's
                .header("X-Content-Type-Options", "nosniff")
                .send(decoded);
    }

    /** The headers that the query asks for, and a body that tells all of them, its length too. */
    private static void responseHeaders(Request request, Response response)
            throws IOException, HttpException {
        Headers fields = response.header("Content-Type", "application/json").headers();
        try {
            request.queries()
                    .forEach(
                            (name, values) -> {
                                if (!FRAMING.contains(name.toLowerCase(Locale.ROOT))) {
                                    values.forEach(value -> fields.add(name, value));
                                }
                            });
        } catch (IllegalArgumentException e) {
            throw new HttpException(400, "expected names and values that a header can have", e);
        }
        byte[] body = {};
        for (int length = -1; length != body.length; ) {
            length = body.length;
            fields.set("Content-Length", Integer.toString(length));
            body = (Json.write(told(fields)) + "\n").getBytes(StandardCharsets.UTF_8);
        }
        fields.set("Content-Security-Policy", "sandbox"); // no page, whatever type it names
        fields.set("X-Content-Type-Options", "nosniff");
        response.send(body);
    }

    private static Map<String, Object> told(Headers fields) {
        var told = new TreeMap<String, List<String>>(String.CASE_INSENSITIVE_ORDER);
        fields.names().forEach(name -> told.put(name, fields.getAll(name)));
        return Requests.singles(told);
    }

    private static void links(Request request, Response response)
            throws IOException, HttpException {
        int count = Math.max(1, Parameters.path(request, "n", 200));
        if (!request.pathParameters().containsKey("offset")) {
            response.status(302).header("Location", "/links/" + count + "/0").send();
            return;
        }
        int offset = Parameters.path(request, "offset", 200);
        var page = new StringBuilder("<html><head><title>Links</title></head><body>");
        for (int i = 0; i < count; i++) {
            if (i == offset) {
                page.append(i).append(' ');
            } else {
                page.append("<a href='/links/%d/%d'>%d</a> ".formatted(count, i, i));
            }
        }
        response.header("Content-Type", "text/html; charset=utf-8")
                .send(page.append("</body></html>").toString());
    }
}
