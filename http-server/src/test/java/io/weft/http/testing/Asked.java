package io.weft.http.testing;

import io.weft.http.Exchange;
import io.weft.http.Headers;
import io.weft.http.HttpException;
import io.weft.http.Request;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Proxy;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.List;
import java.util.Map;

/** Requests that come from no connection, for what only looks at their target or fields. */
public final class Asked {
    private static final SocketAddress NOBODY = InetSocketAddress.createUnresolved("a", 1);

    private Asked() {}

    /** A GET with this target, one character to a byte. */
    public static Request target(String octets) throws HttpException {
        return new Request(exchange(octets, Map.of(), NOBODY), NOBODY, "http");
    }

    /** A GET with these fields and no others, by their names as the server asks for them. */
    public static Request fields(Map<String, List<String>> fields) throws HttpException {
        return new Request(exchange("/", fields, NOBODY), NOBODY, "http");
    }

    /** A GET over HTTP from this peer. */
    public static Exchange exchange(
            String target, Map<String, List<String>> fields, SocketAddress peer) {
        Headers headers = headers(fields);
        return stand(
                Exchange.class,
                (_, method, _) ->
                        switch (method.getName()) {
                            case "target" -> target;
                            case "method" -> "GET";
                            case "scheme" -> "http";
                            case "headers" -> headers;
                            case "remoteAddress" -> peer;
                            default -> throw new UnsupportedOperationException(method.getName());
                        });
    }

    private static Headers headers(Map<String, List<String>> fields) {
        return stand(
                Headers.class,
                (_, method, arguments) -> {
                    List<String> values = fields.getOrDefault((String) arguments[0], List.of());
                    return switch (method.getName()) {
                        case "get" -> values.isEmpty() ? null : values.getFirst();
                        case "getAll" -> values;
                        case "contains" -> !values.isEmpty();
                        default -> throw new UnsupportedOperationException(method.getName());
                    };
                });
    }

    private static <T> T stand(Class<T> type, InvocationHandler in) {
        return type.cast(
                Proxy.newProxyInstance(Asked.class.getClassLoader(), new Class<?>[] {type}, in));
    }
}
