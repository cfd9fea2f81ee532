package io.weft.http;

import java.util.List;
import java.util.stream.IntStream;

/** Different names of one {@link String#hashCode()}: Aa and BB have the same. */
public final class Collisions {
    private Collisions() {}

    public static List<String> names(int count) {
        return IntStream.range(0, count).mapToObj(Collisions::name).toList();
    }

    private static String name(int number) {
        var name = new StringBuilder();
        for (int bit = 0; bit < 10; bit++) {
            name.append((number >> bit & 1) == 0 ? "Aa" : "BB");
        }
        return name.toString();
    }
}
