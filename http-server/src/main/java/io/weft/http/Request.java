package io.weft.http;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.io.InputStream;
import java.net.SocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What a client asks for. Used by the handler's coroutine; what the head says can be read by any
 * thread.
 */
public final class Request {
    private static final int MOST_PARAMETERS = 1000;

    private final Exchange exchange;
    private final String rawPath;
    private final @Nullable String rawQuery;
    private final SocketAddress remote;
    private final String scheme;
    private @Nullable String path;
    private @Nullable Map<String, List<String>> query;
    private Map<String, String> pathParameters = Map.of();
    private @Nullable Map<String, Object> attributes;

    /**
     * A request of {@code exchange}.
     *
     * @param remote who asks, which is not the peer where a trusted proxy forwards
     * @throws HttpException if the target is none that a server answers
     */
    public Request(Exchange exchange, SocketAddress remote, String scheme) throws HttpException {
        this.exchange = exchange;
        this.remote = remote;
        this.scheme = scheme;
        String target = Targets.withoutAuthority(exchange.target());
        int mark = target.indexOf('?');
        this.rawPath = mark < 0 ? target : target.substring(0, mark);
        this.rawQuery = mark < 0 ? null : target.substring(mark + 1);
    }

    private Request(Exchange exchange, SocketAddress remote) {
        this.exchange = exchange;
        this.remote = remote;
        this.scheme = exchange.scheme();
        this.rawPath = exchange.target();
        this.rawQuery = null;
    }

    /** What could not be answered, whatever its target is: for a log, not for a handler. */
    public static Request refused(Exchange exchange, SocketAddress remote) {
        return new Request(exchange, remote);
    }

    public String method() {
        return exchange.method();
    }

    /** The request target as it came (RFC 9112 section 3.2). */
    public String target() {
        return exchange.target();
    }

    /**
     * The path with its percent escapes decoded as UTF-8, starting with a slash; {@code *} of an
     * OPTIONS request. It is not normalised: {@code ..} may be in it.
     *
     * @throws HttpException 400 if an escape is malformed
     */
    public String path() throws HttpException {
        if (path == null) {
            path = Targets.decode(rawPath, false);
        }
        return path;
    }

    /** The path as it came. */
    public String rawPath() {
        return rawPath;
    }

    /** What follows the question mark, as it came; null if there is none. */
    public @Nullable String rawQuery() {
        return rawQuery;
    }

    /**
     * The first value of a parameter of the query; null if there is none.
     *
     * @throws HttpException 400 if an escape is malformed
     */
    public @Nullable String query(String name) throws HttpException {
        List<String> values = queries().get(name);
        return values == null ? null : values.getFirst();
    }

    /**
     * The query's parameters in their order, each with all its values.
     *
     * @throws HttpException 400 if an escape is malformed
     */
    public Map<String, List<String>> queries() throws HttpException {
        if (query == null) {
            query = parametersOf(rawQuery);
        }
        return query;
    }

    /**
     * Parameters as a query or a form has them, in their order: at most 1000 (Django:
     * DATA_UPLOAD_MAX_NUMBER_FIELDS; PHP: max_input_vars). Stricter than Netty's decoder, which
     * drops what is too many, stops at a {@code #} and replaces what is not UTF-8, all without a
     * word.
     *
     * @throws HttpException 400 if an escape is malformed, or there are more
     */
    public static Map<String, List<String>> parametersOf(@Nullable String encoded)
            throws HttpException {
        var parameters = new LinkedHashMap<String, List<String>>();
        if (encoded == null) {
            return parameters;
        }
        int count = 0;
        for (int start = 0, end; start <= encoded.length(); start = end + 1) {
            end = encoded.indexOf('&', start);
            if (end < 0) {
                end = encoded.length();
            }
            if (start == end) {
                continue;
            }
            if (++count > MOST_PARAMETERS) {
                throw new HttpException(400, "more than " + MOST_PARAMETERS + " parameters");
            }
            String pair = encoded.substring(start, end);
            int equals = pair.indexOf('=');
            String name = equals < 0 ? pair : pair.substring(0, equals);
            String value = equals < 0 ? "" : pair.substring(equals + 1);
            parameters
                    .computeIfAbsent(Targets.decode(name, true), key -> new ArrayList<>(1))
                    .add(Targets.decode(value, true));
        }
        return parameters;
    }

    /** {@code HTTP/1.1} or {@code HTTP/1.0}. */
    public String protocol() {
        return exchange.protocol();
    }

    /** {@code http} or {@code https}, as the client sees it. */
    public String scheme() {
        return scheme;
    }

    /** The host asked for, with its port if one was named; empty if the client did not say. */
    public String host() {
        String authority = Targets.authority(exchange.target());
        if (authority != null) {
            return authority;
        }
        String host = headers().get("Host");
        return host == null ? "" : host;
    }

    public Headers headers() {
        return exchange.headers();
    }

    /** The first value of a header; null if there is none. */
    public @Nullable String header(String name) {
        return exchange.headers().get(name);
    }

    /** What the client has sent after the body; empty until the body has been read to its end. */
    public Headers trailers() {
        return exchange.trailers();
    }

    /**
     * The cookies that the client sent, by name; of equal names the first (RFC 6265 section 5.4).
     */
    public Map<String, String> cookies() {
        return Cookies.parse(headers().getAll("Cookie"));
    }

    /**
     * The body as a stream: it blocks the coroutine until there is some. It is what was sent, also
     * if it has a {@code Content-Encoding}: nothing is inflated. A client that asked whether to
     * send one ({@code Expect: 100-continue}) is told to at the first read.
     */
    public InputStream body() {
        return exchange.body();
    }

    /**
     * The whole body.
     *
     * @throws HttpException 413 if it has more than {@code limit} bytes; at once, if its length was
     *     announced
     */
    public byte[] bytes(int limit) throws IOException, HttpException {
        String announced = header("Content-Length");
        if (announced == null || Long.parseLong(announced) <= limit) {
            byte[] bytes = body().readNBytes((int) Math.min(limit + 1L, Integer.MAX_VALUE));
            if (bytes.length <= limit) {
                return bytes;
            }
        }
        throw new HttpException(413, "the body is larger than " + limit + " bytes");
    }

    /** The whole body as UTF-8 text; as {@link #bytes}. */
    public String text(int limit) throws IOException, HttpException {
        return new String(bytes(limit), StandardCharsets.UTF_8);
    }

    /**
     * The fields of a form sent as {@code application/x-www-form-urlencoded}.
     *
     * @throws HttpException 413 if it has more than {@code limit} bytes, 400 if it is malformed
     */
    public Map<String, List<String>> form(int limit) throws IOException, HttpException {
        return parametersOf(text(limit));
    }

    /**
     * The parts of a form sent as {@code multipart/form-data}: fields and files, streamed, within
     * {@link FormLimits#DEFAULT}.
     *
     * @throws HttpException 415 if it is none, 400 if it names no boundary
     */
    public Multipart multipart() throws HttpException {
        return multipart(FormLimits.DEFAULT);
    }

    /** The same within other limits. */
    public Multipart multipart(FormLimits limits) throws HttpException {
        return new Multipart(body(), header("Content-Type"), limits);
    }

    /** Who asks: the peer, or whom a trusted proxy names. */
    public SocketAddress remoteAddress() {
        return remote;
    }

    /** Where it came in. */
    public @Nullable SocketAddress localAddress() {
        return exchange.localAddress();
    }

    /** The values of the placeholders in the route's pattern. */
    public Map<String, String> pathParameters() {
        return pathParameters;
    }

    /**
     * The value of a placeholder.
     *
     * @throws IllegalArgumentException if the route's pattern has none of that name
     */
    public String pathParameter(String name) {
        String value = pathParameters.get(name);
        if (value == null) {
            throw new IllegalArgumentException(
                    "no placeholder {"
                            + name
                            + "} in the route; it has "
                            + pathParameters.keySet());
        }
        return value;
    }

    void pathParameters(Map<String, String> values) {
        pathParameters = values;
    }

    /** Room for filters and handlers to leave things for each other. */
    public Map<String, Object> attributes() {
        if (attributes == null) {
            attributes = new HashMap<>();
        }
        return attributes;
    }

    @Override
    public String toString() {
        return method() + " " + target() + " " + protocol();
    }
}
