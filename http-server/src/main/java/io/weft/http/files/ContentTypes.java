package io.weft.http.files;

import java.util.HashMap;
import java.util.Locale;
import java.util.Map;

/** Media types by the end of a file's name: what the web is made of (nginx: mime.types). */
final class ContentTypes {
    private static final String UNKNOWN = "application/octet-stream";
    private static final String[][] TABLE = {
        {"text/html; charset=utf-8", "html", "htm"},
        {"text/css; charset=utf-8", "css"},
        {"text/javascript; charset=utf-8", "js", "mjs"},
        {"text/plain; charset=utf-8", "txt", "log", "text"},
        {"text/csv; charset=utf-8", "csv"},
        {"text/markdown; charset=utf-8", "md"},
        {"text/calendar; charset=utf-8", "ics"},
        {"text/xml; charset=utf-8", "xml"},
        {"application/json", "json", "map"},
        {"application/manifest+json", "webmanifest"},
        {"application/atom+xml", "atom"},
        {"application/rss+xml", "rss"},
        {"application/xhtml+xml", "xhtml"},
        {"application/pdf", "pdf"},
        {"application/wasm", "wasm"},
        {"application/zip", "zip"},
        {"application/gzip", "gz", "tgz"},
        {"application/x-tar", "tar"},
        {"application/java-archive", "jar", "war"},
        {"image/svg+xml", "svg"},
        {"image/png", "png"},
        {"image/jpeg", "jpg", "jpeg"},
        {"image/gif", "gif"},
        {"image/webp", "webp"},
        {"image/avif", "avif"},
        {"image/bmp", "bmp"},
        {"image/tiff", "tif", "tiff"},
        {"image/x-icon", "ico"},
        {"font/woff", "woff"},
        {"font/woff2", "woff2"},
        {"font/ttf", "ttf"},
        {"font/otf", "otf"},
        {"audio/mpeg", "mp3"},
        {"audio/ogg", "ogg", "oga", "opus"},
        {"audio/wav", "wav"},
        {"audio/flac", "flac"},
        {"audio/mp4", "m4a"},
        {"video/mp4", "mp4", "m4v"},
        {"video/webm", "webm"},
        {"video/ogg", "ogv"},
        {"video/quicktime", "mov"},
    };
    private static final Map<String, String> BY_ENDING = byEnding();

    private ContentTypes() {}

    private static Map<String, String> byEnding() {
        var types = new HashMap<String, String>();
        for (String[] row : TABLE) {
            for (int i = 1; i < row.length; i++) {
                types.put(row[i], row[0]);
            }
        }
        return Map.copyOf(types);
    }

    /** The type of a file of that name; that of any bytes if it is not known. */
    static String of(String name) {
        int dot = name.lastIndexOf('.');
        String ending = name.substring(dot + 1).toLowerCase(Locale.ROOT);
        return dot < 0 ? UNKNOWN : BY_ENDING.getOrDefault(ending, UNKNOWN);
    }
}
