package io.weft.http;

import io.weft.Selectable;
import io.weft.http.form.FormException;
import io.weft.http.form.FormLimits;
import io.weft.http.form.Multipart;
import io.weft.http.form.UrlEncoded;
import io.weft.http.grammar.Octets;
import io.weft.http.grammar.Parameters;
import io.weft.http.grammar.PathSegments;
import io.weft.http.grammar.PercentEncoding;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.io.InputStream;
import java.net.SocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.HashMap;
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
    private @Nullable List<String> segments;
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
     * OPTIONS request. An encoded slash stays {@code %2F}, as decoded it would separate. It is not
     * normalised: {@code ..} may be in it; to look something up {@link #pathSegments} is better.
     *
     * @throws HttpException 400 if an escape is malformed, or what it stands for is not UTF-8
     */
    public String path() throws HttpException {
        if (path == null) {
            requireEscapes();
            path = utf8(PercentEncoding.decodePath(rawPath));
        }
        return path;
    }

    /**
     * What stands between the path's slashes, each decoded as UTF-8, so that an encoded slash is
     * within one; the last is empty if the path ends with a slash. None of {@code *}. Routes, files
     * and WSGI applications are found by these.
     *
     * @throws HttpException 400 as {@link #path}; 404 for what nothing has as its path: one with a
     *     segment {@code .} or {@code ..}, however it is written, with an empty segment other than
     *     the last, or with a NUL
     */
    public List<String> pathSegments() throws HttpException {
        if (segments == null) {
            List<String> found = octetSegments();
            for (int i = 0; i < found.size(); i++) {
                found.set(i, utf8(found.get(i)));
            }
            segments = Collections.unmodifiableList(found);
        }
        return segments;
    }

    private List<String> octetSegments() throws HttpException {
        requireEscapes();
        if (!rawPath.startsWith("/")) {
            return List.of();
        }
        List<String> octets = PathSegments.of(rawPath);
        if (octets == null) {
            throw new HttpException(404, "there is nothing at this path"); // it need not say why
        }
        return octets;
    }

    private void requireEscapes() throws HttpException {
        if (!PercentEncoding.isWellFormed(rawPath)) {
            throw new HttpException(400, "expected two hexadecimal digits after a percent sign");
        }
    }

    private static String utf8(String octets) throws HttpException {
        String text = Octets.utf8(octets);
        if (text == null) {
            throw new HttpException(400, "expected a path in UTF-8");
        }
        return text;
    }

    /** The path as it came, one character for each byte. */
    public String rawPath() {
        return rawPath;
    }

    /** What follows the question mark, as {@link #rawPath}; null if there is none. */
    public @Nullable String rawQuery() {
        return rawQuery;
    }

    /**
     * The first value of a parameter of the query; null if there is none.
     *
     * @throws HttpException as {@link #queries}
     */
    public @Nullable String query(String name) throws HttpException {
        List<String> values = queries().get(name);
        return values == null ? null : values.getFirst();
    }

    /**
     * The query's parameters in their order, each with all its values, decoded as a form's are
     * (WHATWG URL 5.1): a plus is a space, a percent sign that is no escape stands for itself, and
     * U+FFFD for what is not UTF-8.
     *
     * @throws HttpException 400 if there are more than 1000 (Django: DATA_UPLOAD_MAX_NUMBER_FIELDS;
     *     PHP: max_input_vars)
     */
    public Map<String, List<String>> queries() throws HttpException {
        if (query == null) {
            byte[] encoded = Octets.bytes(rawQuery == null ? "" : rawQuery);
            query = UrlEncoded.parse(encoded, MOST_PARAMETERS);
            if (query == null) {
                throw new HttpException(400, "more than " + MOST_PARAMETERS + " parameters");
            }
        }
        return query;
    }

    /** {@code HTTP/1.1} or {@code HTTP/1.0}. */
    public String protocol() {
        return exchange.protocol();
    }

    /** {@code http} or {@code https}, as the client sees it. */
    public String scheme() {
        return scheme;
    }

    /**
     * The host asked for, with its port if one was named; empty if the client did not say. It is
     * what the Host field says, in which the authority of an absolute target is put when the
     * request comes (RFC 9112 section 3.2.2).
     */
    public String host() {
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
     * The fields of a form sent as {@code application/x-www-form-urlencoded}, in their order, each
     * with all its values, within {@link FormLimits#DEFAULT}; decoded as {@link #queries} are.
     *
     * @throws HttpException 415 if it is none, or in a charset other than UTF-8 (Django)
     * @throws FormException 413 if there is more of it
     */
    public Map<String, List<String>> form() throws IOException, HttpException {
        return form(FormLimits.DEFAULT);
    }

    /** The same, of at most {@code limit} bytes as they are sent. */
    public Map<String, List<String>> form(int limit) throws IOException, HttpException {
        return form(FormLimits.DEFAULT.field(limit).memory(limit));
    }

    /** The same within other limits. */
    public Map<String, List<String>> form(FormLimits limits) throws IOException, HttpException {
        Parameters type = contentType("application/x-www-form-urlencoded");
        String charset = type.get("charset");
        if (charset != null && !charset.equalsIgnoreCase("utf-8")) {
            throw new HttpException(415, "expected a form in UTF-8");
        }
        return UrlEncoded.read(body(), limits);
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
        String boundary = contentType("multipart/form-data").get("boundary");
        try {
            return new Multipart(body(), boundary == null ? "" : boundary, limits);
        } catch (IllegalArgumentException e) {
            throw new HttpException(400, "expected a boundary for multipart/form-data", e);
        }
    }

    private Parameters contentType(String expected) throws HttpException {
        List<String> types = headers().getAll("Content-Type");
        boolean one = types.size() == 1;
        String type = one ? types.getFirst() : "";
        int end = type.indexOf(';');
        String media = Parameters.trimmed(end < 0 ? type : type.substring(0, end));
        if (!media.equalsIgnoreCase(expected)) {
            throw new HttpException(415, "expected a form of type " + expected);
        }
        Parameters parsed = Parameters.parse(type);
        if (parsed == null) {
            throw new HttpException(400, "expected a well-formed Content-Type");
        }
        return parsed;
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

    /**
     * Becomes ready when the server begins to stop: for a handler that waits long, to wait for this
     * too ({@link io.weft.Select}) and answer what it has. One that cannot end by then is killed
     * when the server's patience is over.
     *
     * @see Response#endWithServer()
     */
    public Selectable stop() {
        return exchange.stop();
    }

    /** Whether the server has begun to stop. */
    public boolean isStopping() {
        return exchange.stop().isSet();
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
