package io.weft.http;

import io.weft.http.grammar.ExtendedValue;

/** What {@code Content-Disposition} says of a response (RFC 6266). */
final class Disposition {
    private Disposition() {}

    /**
     * To be saved by that name: in ASCII for clients that know no better, and as it is beside that
     * if they differ (section 4.3, appendix D).
     */
    static String attachment(String fileName) {
        var plain = new StringBuilder(fileName.length());
        for (int i = 0; i < fileName.length(); i++) {
            char c = fileName.charAt(i);
            plain.append(c < ' ' || c > '~' || "\"\\%".indexOf(c) >= 0 ? '_' : c);
        }
        String quoted = "attachment; filename=\"" + plain + '"';
        return fileName.contentEquals(plain)
                ? quoted
                : quoted + "; filename*=" + ExtendedValue.encode(fileName);
    }
}
