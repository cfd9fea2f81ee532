package io.weft.load.report;

import java.util.regex.Pattern;

/** Text for an HTML page. Stateless. */
final class Html {
    /** What no page may hold (HTML, section 13.1.4), or nobody would see. */
    private static final Pattern UNSEEN = Pattern.compile("[\\p{Cc}\\p{Cf}\\p{Cs}&&[^\\t\\n\\r]]");

    private Html() {}

    /** As text and as a quoted attribute's value (HTML, section 13.3, "escaping a string"). */
    static String escape(String text) {
        return UNSEEN.matcher(text)
                .replaceAll("\uFFFD")
                .replace("&", "&amp;")
                .replace("<", "&lt;")
                .replace(">", "&gt;")
                .replace("\"", "&quot;")
                .replace("'", "&#39;");
    }

    static String element(String name, String style, String content) {
        return "<"
                + name
                + (style.isEmpty() ? "" : " class=\"" + style + "\"")
                + ">"
                + content
                + "</"
                + name
                + ">";
    }
}
