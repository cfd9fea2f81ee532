package io.weft.http.demo;

import io.weft.http.HttpException;
import io.weft.http.Request;
import io.weft.http.Response;
import io.weft.http.Router;
import io.weft.http.form.FormLimits;
import io.weft.http.form.Part;
import io.weft.net.Addresses;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/** What the client sent, told back. */
final class Requests {
    /**
     * What is told back is kept until a slow client has read it, and JSON can be six times what it
     * tells.
     */
    private static final int MOST_BODY = 100 * 1024; // as much as httpbin sends at most

    private Requests() {}

    static void addTo(Router routes) {
        routes.get("/get", (request, response) -> Json.send(response, head(request)));
        for (String method : List.of("POST", "PUT", "PATCH", "DELETE")) {
            routes.route(
                    method,
                    "/" + method.toLowerCase(Locale.ROOT),
                    (request, response) -> tell(response, whole(request)));
        }
        routes.any("/anything", (request, response) -> tell(response, anything(request)));
        routes.any("/anything/{rest...}", (request, response) -> tell(response, anything(request)));
        routes.get(
                "/headers",
                (request, response) -> Json.send(response, Map.of("headers", headers(request))));
        routes.get(
                "/ip",
                (request, response) -> Json.send(response, Map.of("origin", origin(request))));
        routes.get(
                "/user-agent",
                (request, response) -> {
                    var answer = new LinkedHashMap<String, @Nullable Object>();
                    answer.put("user-agent", request.header("User-Agent"));
                    Json.send(response, answer);
                });
    }

    private static void tell(Response response, Map<String, @Nullable Object> answer)
            throws IOException {
        Json.send(response, answer, String.valueOf(answer.get("data")).length());
    }

    /** As of a request without a body. */
    static Map<String, @Nullable Object> head(Request request) throws HttpException {
        var answer = new TreeMap<String, @Nullable Object>();
        answer.put("args", singles(request.queries()));
        answer.put("headers", headers(request));
        answer.put("origin", origin(request));
        answer.put("url", url(request));
        return answer;
    }

    private static Map<String, @Nullable Object> anything(Request request)
            throws IOException, HttpException {
        var answer = whole(request);
        answer.put("method", request.method());
        return answer;
    }

    /** As of one that may have a body. */
    static Map<String, @Nullable Object> whole(Request request) throws IOException, HttpException {
        var answer = head(request);
        answer.put("form", Map.of());
        answer.put("files", Map.of());
        answer.put("data", "");
        answer.put("json", null);
        String type = request.header("Content-Type");
        if (hasType(type, "multipart/form-data")) {
            addParts(request, answer);
        } else if (hasType(type, "application/x-www-form-urlencoded")) {
            answer.put("form", singles(request.form(MOST_BODY)));
        } else {
            String text = text(request.bytes(MOST_BODY), "application/octet-stream");
            answer.put("data", text);
            answer.put("json", Json.parse(text));
        }
        return answer;
    }

    private static boolean hasType(@Nullable String contentType, String type) {
        return contentType != null && contentType.regionMatches(true, 0, type, 0, type.length());
    }

    private static void addParts(Request request, Map<String, @Nullable Object> answer)
            throws IOException, HttpException {
        var fields = new LinkedHashMap<String, List<String>>();
        var files = new LinkedHashMap<String, List<String>>();
        var form = request.multipart(FormLimits.DEFAULT.field(MOST_BODY).memory(MOST_BODY));
        for (Part part; (part = form.next()) != null; ) {
            byte[] content = part.bytes();
            boolean file = part.fileName() != null;
            String type = part.contentType() == null ? "" : part.contentType();
            (file ? files : fields)
                    .computeIfAbsent(part.name(), name -> new ArrayList<>(1))
                    .add(file ? text(content, type) : new String(content, part.charset()));
        }
        answer.put("form", singles(fields));
        answer.put("files", singles(files));
    }

    /** What is no text is told as a data URL, as httpbin does. */
    private static String text(byte[] body, String type) {
        try {
            return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(body)).toString();
        } catch (CharacterCodingException e) {
            return "data:"
                    + (type.isEmpty() ? "application/octet-stream" : type)
                    + ";base64,"
                    + Base64.getEncoder().encodeToString(body);
        }
    }

    /** One value as itself, several as a list. */
    static Map<String, Object> singles(Map<String, List<String>> parameters) {
        var singles = new TreeMap<String, Object>();
        parameters.forEach(
                (name, values) ->
                        singles.put(name, values.size() == 1 ? values.getFirst() : values));
        return singles;
    }

    static Map<String, String> headers(Request request) {
        var headers = new TreeMap<String, String>();
        for (String name : request.headers().names()) {
            headers.put(titled(name), String.join(",", request.headers().getAll(name)));
        }
        return headers;
    }

    private static String titled(String name) {
        var titled = new StringBuilder();
        boolean first = true;
        for (int i = 0; i < name.length(); i++) {
            char c = name.charAt(i);
            titled.append(first ? Character.toUpperCase(c) : Character.toLowerCase(c));
            first = c == '-';
        }
        return titled.toString();
    }

    static String origin(Request request) {
        return request.remoteAddress() instanceof InetSocketAddress inet && !inet.isUnresolved()
                ? Addresses.host(inet)
                : request.remoteAddress().toString();
    }

    static String base(Request request) {
        return request.scheme() + "://" + request.host();
    }

    static String url(Request request) {
        String query = request.rawQuery();
        return base(request) + request.rawPath() + (query == null ? "" : "?" + query);
    }
}
