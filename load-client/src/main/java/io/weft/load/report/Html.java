package io.weft.load.report;

/** Text for an HTML page. Stateless. */
final class Html {
    private Html() {}

    /** As text and as a quoted attribute's value (HTML, section 13.3, "escaping a string"). */
    static String escape(String text) {
        return text.replace("&", "&amp;")
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
