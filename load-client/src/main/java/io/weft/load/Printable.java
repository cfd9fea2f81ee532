package io.weft.load;

/**
 * Words that others have chosen, as they may be shown on any terminal and page: what a terminal
 * would obey (control characters, ECMA-48), what would turn the text around (bidirectional and
 * other format characters), and halves of characters are written as {@code \}{@code u} and their
 * number. Stateless.
 */
final class Printable {
    /** More than anybody reads in a line. */
    static final int LONGEST = 300;

    private Printable() {}

    /** All of it that can be shown, but not more than {@value #LONGEST} characters. */
    static String of(String text) {
        return text.length() <= LONGEST
                ? whole(text)
                : whole(text.substring(0, LONGEST)) + "... (" + text.length() + " characters)";
    }

    /** All of it. */
    static String whole(String text) {
        if (text.codePoints().noneMatch(Printable::isHidden)) {
            return text;
        }
        var shown = new StringBuilder();
        text.codePoints()
                .forEach(
                        each -> {
                            if (isHidden(each)) {
                                shown.append(String.format("\\u%04x", each));
                            } else {
                                shown.appendCodePoint(each);
                            }
                        });
        return shown.toString();
    }

    private static boolean isHidden(int c) {
        return switch (Character.getType(c)) {
            case Character.CONTROL,
                    Character.FORMAT,
                    Character.SURROGATE,
                    Character.LINE_SEPARATOR,
                    Character.PARAGRAPH_SEPARATOR ->
                    true;
            default -> false;
        };
    }
}
