package io.weft.http.server;

import io.weft.http.Headers;
import io.weft.http.Request;
import io.weft.http.wsgi.Wsgi;
import io.weft.net.Addresses;

import org.jspecify.annotations.Nullable;

import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;

/** gunicorn's atoms. Any thread. */
final class LogAtoms {
    private static final long MICRO = 1000;
    private static final long MILLI = 1000 * MICRO;
    private static final long SECOND = 1000 * MILLI;

    private LogAtoms() {}

    /**
     * The atom of that name.
     *
     * @throws IllegalArgumentException if there is none
     */
    static LogAtom named(String name) {
        return switch (name) {
            case "h" -> text(answered -> address(answered.request()));
            case "l" -> (line, answered) -> line.append('-');
            case "u" -> (line, answered) -> user(line, answered.request());
            case "t" -> new LogTime("'['dd/MMM/uuuu:HH:mm:ss xx']'");
            case "r" -> text(answered -> line(answered.request()));
            case "m" -> text(answered -> answered.request().method());
            case "U" -> text(answered -> answered.request().rawPath());
            case "q" -> (line, answered) -> query(line, answered.request().rawQuery());
            case "H" -> text(answered -> answered.request().protocol());
            case "s" -> (line, answered) -> status(line, answered.response().status());
            case "B" -> (line, answered) -> line.append(answered.response().bytesTransferred());
            case "b" -> (line, answered) -> bytes(line, answered.response().bytesTransferred());
            case "f" -> text(answered -> answered.request().header("Referer"));
            case "a" -> text(answered -> answered.request().header("User-Agent"));
            case "T" -> (line, answered) -> line.append(answered.nanos() / SECOND);
            case "M" -> (line, answered) -> line.append(answered.nanos() / MILLI);
            case "D" -> (line, answered) -> line.append(answered.nanos() / MICRO);
            case "L" -> (line, answered) -> seconds(line, answered.nanos());
            case "X" -> (line, answered) -> line.append(answered.response().wasCut() ? 'X' : '+');
            case "p" -> process();
            default -> braced(name);
        };
    }

    private static LogAtom process() {
        String id = "<" + ProcessHandle.current().pid() + ">";
        return (line, answered) -> line.append(id);
    }

    private static LogAtom braced(String name) {
        int last = name.length() - 1;
        if (last < 3 || name.charAt(0) != '{' || name.charAt(last - 1) != '}') {
            throw unknown(name);
        }
        String key = name.substring(1, last - 1);
        return switch (name.charAt(last)) {
            case 'i' -> text(answered -> header(answered.request().headers(), key));
            case 'o' -> text(answered -> header(answered.response().headers(), key));
            case 'e' -> text(answered -> variable(answered.request(), key));
            default -> throw unknown(name);
        };
    }

    private static IllegalArgumentException unknown(String name) {
        return new IllegalArgumentException(
                "expected one of the atoms h l u t r s m U q H B b f a T D M L X p, {x}i, {x}o or"
                        + " {x}e, but got '"
                        + name
                        + "'");
    }

    private static LogAtom text(Function<Answered, @Nullable String> value) {
        return (line, answered) -> {
            String known = value.apply(answered);
            if (known == null || known.isEmpty()) {
                line.append('-');
            } else {
                LogText.append(line, known);
            }
        };
    }

    private static void query(StringBuilder line, @Nullable String query) {
        if (query != null) {
            LogText.append(line, query);
        }
    }

    private static void bytes(StringBuilder line, long count) {
        if (count == 0) {
            line.append('-');
        } else {
            line.append(count);
        }
    }

    /** Three digits, also of a request that was cut. */
    private static void status(StringBuilder line, int status) {
        line.append(status / 100).append(status / 10 % 10).append(status % 10);
    }

    /** It stands between blanks, and with one of its own would move what comes behind it. */
    private static void user(StringBuilder line, Request request) {
        String name = user(request.header("Authorization"));
        if (name == null || name.isEmpty()) {
            line.append('-');
        } else {
            LogText.appendWord(line, name);
        }
    }

    private static void seconds(StringBuilder line, long nanos) {
        String micros = Long.toString(nanos % SECOND / MICRO);
        line.append(nanos / SECOND).append('.').repeat('0', 6 - micros.length()).append(micros);
    }

    /** Null if it could not be read. */
    private static @Nullable String line(Request request) {
        boolean unknown = request.method().equals("-") && request.target().equals("-");
        return unknown ? null : request.toString();
    }

    private static @Nullable String address(Request request) {
        return request.remoteAddress() instanceof InetSocketAddress remote
                ? Addresses.host(remote)
                : null; // a Unix socket's other end has no name
    }

    /** RFC 7617; null if the client gave no name, or none that can be read. */
    static @Nullable String user(@Nullable String authorization) {
        if (authorization == null || !authorization.regionMatches(true, 0, "Basic ", 0, 6)) {
            return null;
        }
        try {
            byte[] decoded = Base64.getDecoder().decode(authorization.substring(6).strip());
            String pair = new String(decoded, StandardCharsets.UTF_8);
            int colon = pair.indexOf(':');
            return colon < 0 ? null : pair.substring(0, colon);
        } catch (IllegalArgumentException e) {
            return null;
        }
    }

    private static String header(Headers headers, String name) {
        return String.join(",", headers.getAll(name));
    }

    private static @Nullable String variable(Request request, String name) {
        Object value = named(request.attributes(), name);
        if (value == null && request.attributes().get(Wsgi.ENVIRON) instanceof Map<?, ?> environ) {
            value = named(environ, name);
        }
        return value == null ? null : value.toString();
    }

    /** In whatever case, as gunicorn's atoms are. */
    private static @Nullable Object named(Map<?, ?> values, String name) {
        Object value = values.get(name);
        return value != null ? value : values.get(name.toUpperCase(Locale.ROOT));
    }
}
