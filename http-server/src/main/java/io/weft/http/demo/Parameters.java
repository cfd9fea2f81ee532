package io.weft.http.demo;

import io.weft.http.HttpException;
import io.weft.http.Request;
import io.weft.http.grammar.Ascii;

import org.jspecify.annotations.Nullable;

import java.util.regex.Pattern;

/** Numbers in paths and queries, which are the client's and so may be none, or too large. */
final class Parameters {
    private static final Pattern DECIMAL = Pattern.compile("[0-9]{0,15}\\.?[0-9]{1,15}");

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
        double value = decimal(seconds);
        if (value < 0) {
            throw new HttpException(400, "expected a number of seconds as " + name);
        }
        return (long) Math.min((double) most, value * 1000);
    }

    /** Digits, perhaps with a fraction: not all that Java takes for a number; -1 if it is none. */
    static double decimal(String text) {
        return DECIMAL.matcher(text).matches() ? Double.parseDouble(text) : -1;
    }

    private static long number(String value, String name) throws HttpException {
        long number = Ascii.number(value);
        if (number < 0) {
            throw new HttpException(400, "expected a number as " + name);
        }
        return number;
    }
}
