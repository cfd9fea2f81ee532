package io.weft.load.report;

import java.util.List;
import java.util.Locale;

/**
 * A picture between two axes, as SVG of the page it stands in: colours and sizes of letters are the
 * page's style sheet's, since they change with the screen. One thread's.
 */
final class Plot {
    private static final int WIDTH = 640;
    private static final int HEIGHT = 320;

    /** Room for a label of six letters of the largest size that the style sheet has. */
    private static final int LEFT = 88;

    private static final int RIGHT = 30;
    private static final int TOP = 18;
    private static final int BOTTOM = 44;
    private static final int MOST_LARGE = 5;

    /** As 99.999% is. */
    private static final int LONG = 7;

    /** Beyond this place a label in the middle of its tick would leave the picture. */
    private static final double NEAR_END = 0.97;

    /** Values that have been put on the page: x, y. */
    record Dot(double x, double y) {}

    private final Axis across;
    private final Axis up;
    private final StringBuilder svg = new StringBuilder();

    /** An empty picture that is called {@code label} for those who do not see it. */
    Plot(String label, Axis across, Axis up) {
        this.across = across;
        this.up = up;
        svg.append(
                String.format(
                        Locale.ROOT,
                        "<svg viewBox=\"0 0 %d %d\" role=\"img\" aria-label=\"%s\">%n",
                        WIDTH,
                        HEIGHT,
                        Html.escape(label)));
        for (int i = 0; i < across.ticks().size(); i++) {
            Axis.Tick tick = across.ticks().get(i);
            line(tick.value());
            if (hasRoom(i)) {
                text(x(tick.value()), HEIGHT - BOTTOM + 26, style(i), tick.label());
            }
        }
        for (Axis.Tick tick : up.ticks()) {
            double y = y(tick.value());
            element(
                    "<path class=\"grid\" d=\"M%s %sH%s\"/>"
                            .formatted(n(LEFT), n(y), n(WIDTH - RIGHT)));
            text(LEFT - 8, y + 5, "y", tick.label());
        }
    }

    /** The last label stands before its place; a long one before it would be written over. */
    private boolean hasRoom(int tick) {
        List<Axis.Tick> all = across.ticks();
        return all.size() <= MOST_LARGE
                || tick != all.size() - 2
                || all.get(tick).label().length() < LONG
                || across.at(all.getLast().value()) <= NEAR_END;
    }

    /** Beside each other there is room for five large labels; of more every second one can go. */
    private String style(int tick) {
        List<Axis.Tick> all = across.ticks();
        boolean spare = all.size() > MOST_LARGE && (all.size() - 1 - tick) % 2 == 1;
        boolean atEnd = across.at(all.get(tick).value()) > NEAR_END;
        return "x" + (spare ? " spare" : "") + (atEnd ? " end" : "");
    }

    private void line(double value) {
        element(
                "<path class=\"grid\" d=\"M%s %sV%s\"/>"
                        .formatted(n(x(value)), n(TOP), n(HEIGHT - BOTTOM)));
    }

    private void text(double x, double y, String kind, String label) {
        element(
                "<text class=\"%s\" x=\"%s\" y=\"%s\">%s</text>"
                        .formatted(kind, n(x), n(y), label));
    }

    /** From dot to dot. */
    Plot line(String style, List<Dot> dots) {
        if (!dots.isEmpty()) {
            element("<path class=\"line %s\" d=\"%s\"/>".formatted(style, path(dots)));
        }
        return this;
    }

    /** What is below that line. */
    Plot area(String style, List<Dot> dots) {
        if (!dots.isEmpty()) {
            element(
                    "<path class=\"area %s\" d=\"%sV%sH%sZ\"/>"
                            .formatted(style, path(dots), n(y(0)), n(x(dots.getFirst().x()))));
        }
        return this;
    }

    /** Darkens the times from {@code from} to {@code to}. */
    Plot shade(double from, double to) {
        if (x(to) - x(from) >= 1) {
            element(
                    "<rect class=\"shade\" x=\"%s\" y=\"%s\" width=\"%s\" height=\"%s\"/>"
                            .formatted(
                                    n(x(from)),
                                    n(TOP),
                                    n(x(to) - x(from)),
                                    n(HEIGHT - BOTTOM - TOP)));
        }
        return this;
    }

    /** One or more rectangles of {@link #cell}. */
    Plot cells(String style, CharSequence cells) {
        if (!cells.isEmpty()) {
            element("<path class=\"%s\" d=\"%s\"/>".formatted(style, cells));
        }
        return this;
    }

    /** The rectangle between two values of each axis, as part of a path. */
    String cell(double left, double right, double low, double high) {
        double x = x(left);
        double y = y(high);
        // half a point more than its width: else the page shows through between neighbours
        return "M%s %sh%sv%sh-%sz"
                .formatted(n(x), n(y), n(x(right) - x + 0.5), n(y(low) - y), n(x(right) - x + 0.5));
    }

    String svg() {
        return svg + "</svg>";
    }

    private String path(List<Dot> dots) {
        var path = new StringBuilder();
        for (Dot dot : dots) {
            path.append(path.isEmpty() ? 'M' : 'L').append(n(x(dot.x())));
            path.append(' ').append(n(y(dot.y())));
        }
        return path.toString();
    }

    private double x(double value) {
        return LEFT + across.at(value) * (WIDTH - LEFT - RIGHT);
    }

    private double y(double value) {
        return HEIGHT - BOTTOM - up.at(value) * (HEIGHT - BOTTOM - TOP);
    }

    private void element(String element) {
        svg.append(element).append('\n');
    }

    /** A tenth of a point is finer than any screen; no more digits than that. */
    private static String n(double value) {
        String text = String.format(Locale.ROOT, "%.1f", value);
        return text.endsWith(".0") ? text.substring(0, text.length() - 2) : text;
    }
}
