package io.weft.http.wsgi;

import io.weft.http.HttpException;
import io.weft.http.Request;
import io.weft.http.grammar.Octets;
import io.weft.http.grammar.PercentEncoding;
import io.weft.net.Addresses;

import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Makes the environ of a request, with pywsgi's keys. */
final class Environ {
    private static final List<Integer> VERSION = List.of(1, 0);
    private static final String SOFTWARE = software();

    private Environ() {}

    private static String software() {
        String version = Environ.class.getPackage().getImplementationVersion();
        return version == null ? "weft" : "weft/" + version;
    }

    /**
     * The environ of {@code request}.
     *
     * @param base entries that take the place of those the request would give
     * @throws HttpException 404 if the request is not for {@code scriptName}, 400 if it has a
     *     header that {@code headerMap} refuses
     */
    static Map<String, Object> of(
            Request request, Map<String, Object> base, String scriptName, HeaderMap headerMap)
            throws HttpException {
        var environ = new LinkedHashMap<String, Object>(64);
        environ.put("GATEWAY_INTERFACE", "CGI/1.1");
        environ.put("SERVER_SOFTWARE", SOFTWARE);
        environ.put("wsgi.version", VERSION);
        environ.put("wsgi.multithread", true);
        environ.put("wsgi.multiprocess", false);
        environ.put("wsgi.run_once", false);
        environ.put("wsgi.url_scheme", request.scheme());
        server(environ, request);
        environ.put("REQUEST_METHOD", request.method());
        path(environ, request, scriptName);
        String query = request.rawQuery();
        environ.put("QUERY_STRING", query == null ? "" : query);
        environ.put("SERVER_PROTOCOL", request.protocol());
        if (request.remoteAddress() instanceof InetSocketAddress remote) {
            environ.put("REMOTE_ADDR", Addresses.host(remote));
            environ.put("REMOTE_PORT", Integer.toString(remote.getPort()));
        }
        headers(environ, request, headerMap);
        environ.put("wsgi.input", new Input(request.body()));
        environ.put("wsgi.input_terminated", true);
        environ.putAll(base);
        return environ;
    }

    /** Where it came in. A Unix socket has neither: then what the client asked for is taken. */
    private static void server(Map<String, Object> environ, Request request) {
        SocketAddress local = request.localAddress();
        if (local instanceof InetSocketAddress address) {
            environ.put("SERVER_NAME", Addresses.host(address));
            environ.put("SERVER_PORT", Integer.toString(address.getPort()));
            return;
        }
        String asked = request.host();
        int colon = asked.indexOf(':', asked.lastIndexOf(']') + 1);
        String name = colon < 0 ? asked : asked.substring(0, colon);
        String port = colon < 0 ? "" : asked.substring(colon + 1);
        environ.put("SERVER_NAME", name.isEmpty() ? "localhost" : name);
        environ.put(
                "SERVER_PORT",
                !port.isEmpty() ? port : request.scheme().equals("https") ? "443" : "80");
    }

    /**
     * The path by the same rule as routes and files have, but as PEP 3333 wants its strings, one
     * character for each byte. An encoded slash stays {@code %2F} (Apache: AllowEncodedSlashes
     * NoDecode; gevent makes a separator of it, by which a route that forbids would be passed).
     */
    private static void path(Map<String, Object> environ, Request request, String scriptName)
            throws HttpException {
        request.pathSegments(); // throws for what nothing has as its path
        String path = PercentEncoding.decodePath(request.rawPath());
        String script = Octets.ofText(scriptName);
        boolean under =
                path.startsWith(script)
                        && (path.length() == script.length()
                                || script.isEmpty()
                                || path.charAt(script.length()) == '/');
        if (!under) {
            throw new HttpException(404, "there is nothing at " + request.rawPath());
        }
        environ.put("SCRIPT_NAME", script);
        environ.put("PATH_INFO", path.substring(script.length()));
    }

    private static void headers(Map<String, Object> environ, Request request, HeaderMap headerMap)
            throws HttpException {
        for (var header : request.headers()) {
            String name = header.getKey();
            if (name.indexOf('_') >= 0) {
                if (headerMap == HeaderMap.REFUSE) {
                    throw new HttpException(400, "expected header names without an underscore");
                }
                continue;
            }
            String key = key(name);
            if (key.equals("HTTP_COOKIE")) {
                join(environ, key, "; ", header.getValue());
            } else {
                join(environ, key, ",", header.getValue());
            }
        }
    }

    private static void join(
            Map<String, Object> environ, String key, String separator, String value) {
        Object before = environ.get(key);
        environ.put(key, before == null ? value : before + separator + value);
    }

    private static String key(String name) {
        String upper = name.toUpperCase(Locale.ROOT).replace('-', '_');
        return switch (upper) {
            case "CONTENT_TYPE", "CONTENT_LENGTH" -> upper;
            default -> "HTTP_" + upper;
        };
    }
}
