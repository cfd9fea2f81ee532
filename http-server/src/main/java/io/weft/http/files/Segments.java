package io.weft.http.files;

import io.weft.http.HttpException;

import java.util.List;

/** Takes the path of a request apart, and refuses what could lead out of a directory. */
final class Segments {
    private Segments() {}

    /**
     * The names in {@code path} behind {@code prefix}; the last is empty if it ends with a slash.
     * Whatever separates names on some system is refused within one, and so are names with a
     * meaning of their own. That the path is decoded once, and not again, is the caller's part.
     *
     * @param path decoded
     * @throws HttpException 404 for what cannot be a file here
     */
    static List<String> of(String path, String prefix) throws HttpException {
        if (!path.startsWith(prefix + "/")) {
            throw nothing();
        }
        List<String> names = List.of(path.substring(prefix.length() + 1).split("/", -1));
        for (int i = 0; i < names.size(); i++) {
            boolean last = i == names.size() - 1;
            if (!isPlain(names.get(i)) || (names.get(i).isEmpty() && !last)) {
                throw nothing();
            }
        }
        return names;
    }

    private static boolean isPlain(String name) {
        if (name.startsWith(".") && !name.equals(".well-known")) {
            return false; // this and the parent directory among them
        }
        for (int i = 0; i < name.length(); i++) {
            char c = name.charAt(i);
            if (c < ' ' || c == 0x7f || c == '\\' || c == ':') { // the colon: a drive, or a stream
                return false;
            }
        }
        return true;
    }

    /** It does not say why: whoever tries need not learn it. */
    private static HttpException nothing() {
        return new HttpException(404, "there is nothing at this path");
    }
}
