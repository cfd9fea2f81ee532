package io.weft.http.files;

import io.weft.http.HttpException;

import java.util.List;

/** Takes the path of a request apart, and refuses what could lead out of a directory. */
final class Segments {
    private Segments() {}

    /**
     * The names in {@code path} behind {@code prefix}; the last is empty if it ends with a slash.
     * Whatever separates names on some system is refused within one, and so are names with a
     * meaning of their own.
     *
     * @param path as {@link io.weft.http.Request#pathSegments} has it
     * @param prefix empty, or names each with a slash before it
     * @throws HttpException 404 for what cannot be a file here
     */
    static List<String> of(List<String> path, String prefix) throws HttpException {
        List<String> above = List.of(prefix.split("/", -1));
        int begin = above.size() - 1; // nothing stands before its first slash
        if (path.size() <= begin || !path.subList(0, begin).equals(above.subList(1, begin + 1))) {
            throw nothing();
        }
        List<String> names = path.subList(begin, path.size());
        for (String name : names) {
            if (!isPlain(name)) {
                throw nothing();
            }
        }
        return names;
    }

    private static boolean isPlain(String name) {
        if (name.startsWith(".") && !name.equals(".well-known")) {
            return false;
        }
        for (int i = 0; i < name.length(); i++) {
            char c = name.charAt(i);
            if (c < ' ' || c == 0x7f || c == '/' || c == '\\' || c == ':') {
                return false; // the colon: a drive, or a stream
            }
        }
        return true;
    }

    /** It does not say why: whoever tries need not learn it. */
    private static HttpException nothing() {
        return new HttpException(404, "there is nothing at this path");
    }
}
