package io.weft.http.testing;

import io.weft.http.Exchange;
import io.weft.http.HttpException;
import io.weft.http.Request;

import java.lang.reflect.Proxy;
import java.net.InetSocketAddress;

/** Requests that come from no connection, for what only looks at their target. */
public final class Asked {
    private Asked() {}

    /** A GET with this target, one character to a byte. */
    public static Request target(String octets) throws HttpException {
        var exchange =
                (Exchange)
                        Proxy.newProxyInstance(
                                Asked.class.getClassLoader(),
                                new Class<?>[] {Exchange.class},
                                (proxy, method, arguments) ->
                                        switch (method.getName()) {
                                            case "target" -> octets;
                                            case "method" -> "GET";
                                            default ->
                                                    throw new UnsupportedOperationException(
                                                            method.getName());
                                        });
        return new Request(exchange, InetSocketAddress.createUnresolved("a", 1), "http");
    }
}
