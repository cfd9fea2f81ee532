package io.weft.http.demo;

import io.weft.http.HttpException;
import io.weft.http.Request;

import org.jspecify.annotations.Nullable;

/** Numbers in paths and queries, which are the client's and so may be none, or too large. */
final class Parameters {
    private Parameters() {}

    /** The placeholder's value, of which at most {@code most} is meant. */
    static int path(Request request, String name, int most) throws HttpException {
        return (int) Math.min(most, number(request.pathParameter(name), name));
    }

    /** As before, of the query. */
    static int query(Request request, String name, int otherwise, int most) throws HttpException {
        String value = request.query(name);
        return (int) Math.min(most, value == null ? otherwise : number(value, name));
    }

    /** A number of seconds of the query, with a fraction; in milliseconds. */
    static long millis(@Nullable String seconds, String name, long otherwise, long most)
            throws HttpException {
        if (seconds == null) {
            return otherwise;
        }
        try {
            double value = Double.parseDouble(seconds);
            if (value >= 0) {
                return (long) Math.min((double) most, value * 1000);
            }
        } catch (NumberFormatException e) {
            // said below
        }
        throw new HttpException(400, "expected a number of seconds as " + name);
    }

    private static long number(String value, String name) throws HttpException {
        try {
            long number = Long.parseLong(value);
            if (number >= 0) {
                return number;
            }
        } catch (NumberFormatException e) {
            // said below
        }
        throw new HttpException(400, "expected a number as " + name);
    }
}
