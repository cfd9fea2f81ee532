package io.weft.http.files;

import io.weft.http.Headers;
import io.weft.http.serve.AcceptedCodings;

import java.util.EnumSet;
import java.util.Set;

/** The ways in which files may lie compressed beside the plain ones, the best first. */
enum Encoding {
    BROTLI("br", ".br"),
    GZIP("gzip", ".gz");

    private final String coding;
    private final String suffix;

    Encoding(String coding, String suffix) {
        this.coding = coding;
        this.suffix = suffix;
    }

    /** Its name in HTTP. */
    String coding() {
        return coding;
    }

    /** What the compressed file has behind the plain one's name. */
    String suffix() {
        return suffix;
    }

    /** Those that Accept-Encoding names without refusing them. */
    static Set<Encoding> acceptedBy(Headers headers) {
        var codings = AcceptedCodings.of(headers.getAll("Accept-Encoding"));
        var accepted = EnumSet.noneOf(Encoding.class);
        for (Encoding encoding : values()) {
            if (codings.weight(encoding.coding) > 0) {
                accepted.add(encoding);
            }
        }
        return accepted;
    }
}
