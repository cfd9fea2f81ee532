package io.weft.http.wsgi;

import io.weft.http.Handler;
import io.weft.http.Request;
import io.weft.http.Response;

import org.jspecify.annotations.Nullable;

import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Runs an {@link Application} as a {@link Handler} (gevent: pywsgi.WSGIHandler). To be set up
 * before it is used, then for any thread.
 *
 * <p>Differences from gevent: {@code wsgi.multithread} is true, as loops run side by side; {@code
 * SERVER_NAME} is the address it came in at, not looked up; the reason in a status is of ASCII; a
 * chunk goes out when the application next blocks, or when much has gathered, not each by itself;
 * hop-by-hop headers are refused; so are paths with malformed escapes or dot segments, and what
 * else {@link Request#pathSegments} refuses; an encoded slash stays {@code %2F} in {@code
 * PATH_INFO}.
 */
public final class Wsgi implements Handler {
    /** The request's attribute that holds the environ, for filters and logs. */
    public static final String ENVIRON = "wsgi.environ";

    private final Application application;
    private final Map<String, Object> base = new LinkedHashMap<>();
    private HeaderMap headerMap = HeaderMap.DROP;
    private String scriptName = "";
    private boolean secure;

    private Wsgi(Application application) {
        this.application = application;
        base.put("wsgi.errors", new PrintWriter(new Errors()));
    }

    /** A handler that asks {@code application}. */
    public static Wsgi handler(Application application) {
        return new Wsgi(application);
    }

    /** What becomes of headers with an underscore in their name; dropped by default. */
    public Wsgi headerMap(HeaderMap map) {
        headerMap = map;
        return this;
    }

    /**
     * Where the application is mounted (gunicorn: SCRIPT_NAME): {@code /shop}; requests for
     * anything else are answered by 404. Empty, the default, is the root.
     *
     * @throws IllegalArgumentException if it does not start with a slash, or ends with one
     */
    public Wsgi scriptName(String prefix) {
        if (!prefix.isEmpty() && (!prefix.startsWith("/") || prefix.endsWith("/"))) {
            throw new IllegalArgumentException(
                    "expected nothing, or a path that starts with a slash and ends without one,"
                            + " but got '"
                            + prefix
                            + "'");
        }
        scriptName = prefix;
        return this;
    }

    /** One more entry of each environ, or another value for one (gevent: environ). */
    public Wsgi environ(String key, Object value) {
        base.put(key, value);
        return this;
    }

    /** Hands out each environ as a {@link SecureEnviron} (gevent: environ_class). */
    public Wsgi secure() {
        secure = true;
        return this;
    }

    @Override
    public void handle(Request request, Response response) throws Exception {
        Map<String, Object> environ = Environ.of(request, base, scriptName, headerMap);
        if (secure) {
            environ = new SecureEnviron(environ);
        }
        request.attributes().put(ENVIRON, environ);
        var output = new Output(response, request.method().equals("HEAD"));
        try {
            run(environ, output);
        } catch (UncheckedIOException e) {
            throw e.getCause(); // an iterator cannot throw it as it was
        }
    }

    private void run(Map<String, Object> environ, Output output) throws Exception {
        Iterable<byte[]> body = application.call(environ, output);
        if (body == null) {
            throw new IllegalStateException(
                    "expected the application to return a body, but it returned null; an empty one"
                            + " is List.of()");
        }
        Throwable failure = null;
        try {
            output.send(body);
        } catch (Throwable e) {
            failure = e;
            throw e;
        } finally {
            close(body, failure);
        }
    }

    private static void close(Iterable<byte[]> body, @Nullable Throwable failure) throws Exception {
        if (!(body instanceof AutoCloseable closeable)) {
            return;
        }
        try {
            closeable.close();
        } catch (Throwable e) {
            if (failure == null) {
                throw e;
            }
            failure.addSuppressed(e);
        }
    }
}
