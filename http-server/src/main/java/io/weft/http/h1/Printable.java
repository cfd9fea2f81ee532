package io.weft.http.h1;

/** Text of somebody's as messages can hold it. Any thread. */
final class Printable {
    private static final int MOST = 100;

    private Printable() {}

    /** Without what is no printable ASCII, and not too much of it. */
    static String of(String text) {
        String start = text.length() > MOST ? text.substring(0, MOST) + "..." : text;
        return start.replaceAll("[^ -~]", "?");
    }
}
