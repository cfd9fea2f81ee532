package io.weft.load.report;

import io.weft.load.report.Plot.Dot;
import io.weft.load.report.Result.Band;
import io.weft.load.report.Result.Latency;
import io.weft.load.report.Result.Point;
import io.weft.load.report.Result.Slice;

import java.util.ArrayList;
import java.util.List;
import java.util.function.ToLongFunction;

/**
 * The pictures of which each shows all results at once. Result i has the style {@code s} with its
 * number. Stateless.
 */
final class Charts {
    private static final double MILLI = 1e3; // in microseconds

    private Charts() {}

    /** Replies per second over time. */
    static String throughput(List<Result> results) {
        double highest =
                results.stream()
                        .flatMap(result -> result.timeline().stream())
                        .mapToDouble(Slice::perSecond)
                        .max()
                        .orElse(0);
        if (highest == 0) {
            return Charts.none("No reply came.");
        }
        var plot = new Plot("replies per second over time", time(results), Axis.counts(highest));
        warmUp(plot, results);
        for (int i = 0; i < results.size(); i++) {
            List<Dot> steps = steps(results.get(i));
            if (results.size() == 1) {
                plot.area("s" + i, steps);
            }
            plot.line("s" + i, steps);
        }
        return plot.svg();
    }

    private static List<Dot> steps(Result result) {
        var dots = new ArrayList<Dot>();
        for (Slice slice : result.timeline()) {
            dots.add(new Dot(slice.from(), slice.perSecond()));
            dots.add(new Dot(slice.to(), slice.perSecond()));
        }
        return dots;
    }

    /** Latency by percentile. */
    static String curve(List<Result> results) {
        List<Point> all = results.stream().flatMap(each -> each.curve().stream()).toList();
        if (all.isEmpty()) {
            return none("No reply was counted.");
        }
        double lowest = all.stream().mapToDouble(Point::millis).min().orElse(0);
        double highest = all.stream().mapToDouble(Point::millis).max().orElse(0);
        double last = all.stream().mapToDouble(Point::percent).filter(p -> p < 100).max().orElse(0);
        var plot =
                new Plot(
                        "latency by percentile",
                        Axis.percentiles(last),
                        Axis.latency(lowest * MILLI, highest * MILLI));
        for (int i = 0; i < results.size(); i++) {
            plot.line(
                    "s" + i,
                    results.get(i).curve().stream()
                            .map(point -> new Dot(point.percent(), point.millis() * MILLI))
                            .toList());
        }
        return plot.svg();
    }

    /** Connections made, and failed, up to each moment. */
    static String connections(List<Result> results) {
        if (results.stream().allMatch(result -> result.timeline().isEmpty())) {
            return none("Not recorded.");
        }
        double highest =
                results.stream()
                        .mapToDouble(each -> Math.max(each.made(), each.failed()))
                        .max()
                        .orElse(0);
        var plot = new Plot("connections over time", time(results), Axis.counts(highest));
        for (int i = 0; i < results.size(); i++) {
            Result result = results.get(i);
            plot.line("s" + i, soFar(result, Slice::made));
            if (result.failed() > 0) {
                String style = results.size() == 1 ? "bad" : "s" + i;
                plot.line("failed " + style, soFar(result, Slice::failed));
            }
        }
        return plot.svg();
    }

    private static List<Dot> soFar(Result result, ToLongFunction<Slice> count) {
        var dots = new ArrayList<Dot>();
        dots.add(new Dot(0, 0));
        long sum = 0;
        for (Slice slice : result.timeline()) {
            sum += count.applyAsLong(slice);
            dots.add(new Dot(slice.to(), sum));
        }
        return dots;
    }

    /** The ends of the latency axis of all heat maps, so that they can be compared. */
    static Axis heatAxis(List<Result> results) {
        List<Band> all =
                results.stream()
                        .flatMap(result -> result.timeline().stream())
                        .flatMap(slice -> slice.bands().stream())
                        .toList();
        return Axis.latency(
                all.stream().mapToDouble(Band::from).min().orElse(0),
                all.stream().mapToDouble(Band::to).max().orElse(0));
    }

    /** The time that the longest took. */
    static Axis time(List<Result> results) {
        return Axis.time(results.stream().mapToDouble(Result::end).max().orElse(0));
    }

    /** Only where all have the same one: shades of several would hide each other. */
    static void warmUp(Plot plot, List<Result> results) {
        if (results.size() == 1) {
            plot.shade(results.getFirst().sendingFrom(), results.getFirst().countedFrom());
        }
    }

    static String none(String why) {
        return Html.element("p", "none", why);
    }

    /** For {@link Latency}'s figures. */
    static String millis(double millis) {
        return Axis.duration(millis * MILLI);
    }
}
