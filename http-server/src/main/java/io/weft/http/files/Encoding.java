package io.weft.http.files;

import io.weft.http.Headers;

import java.util.EnumSet;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
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

    /** Those that Accept-Encoding names without refusing them (RFC 9110 section 12.5.3). */
    static Set<Encoding> acceptedBy(Headers headers) {
        Map<String, Boolean> named = new HashMap<>();
        for (String field : headers.getAll("Accept-Encoding")) {
            for (String each : field.toLowerCase(Locale.ROOT).split(",", -1)) {
                int semicolon = each.indexOf(';');
                String name = (semicolon < 0 ? each : each.substring(0, semicolon)).strip();
                named.put(name, semicolon < 0 || !isZero(each.substring(semicolon + 1)));
            }
        }
        var accepted = EnumSet.noneOf(Encoding.class);
        for (Encoding encoding : values()) {
            boolean others = named.getOrDefault("*", false);
            if (named.getOrDefault(encoding.coding, others)) {
                accepted.add(encoding);
            }
        }
        return accepted;
    }

    private static boolean isZero(String weight) {
        return weight.strip().matches("q\\s*=\\s*0(\\.0*)?");
    }
}
