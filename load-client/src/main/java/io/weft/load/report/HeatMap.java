package io.weft.load.report;

import io.weft.load.report.Result.Band;
import io.weft.load.report.Result.Slice;

import java.util.List;
import java.util.stream.Stream;

/**
 * How many replies took how long, and when: each cell as strong as the logarithm of its replies per
 * second, so that the few late ones are seen beside the many in time. Stateless.
 */
final class HeatMap {
    /** As many as the style sheet has shades, h1 to h6. */
    static final int SHADES = 6;

    private HeatMap() {}

    /**
     * @param all those it is shown beside, with which it has its axes in common
     */
    static String of(Result result, List<Result> all) {
        double most = most(result);
        if (most == 0) {
            return Charts.none("No reply came.");
        }
        var plot =
                new Plot(
                        "latencies over time of " + result.name(),
                        Charts.time(all),
                        Charts.heatAxis(all));
        List<StringBuilder> shades = Stream.generate(StringBuilder::new).limit(SHADES).toList();
        for (Slice slice : result.timeline()) {
            for (Band band : slice.bands()) {
                double share = Math.log1p(perSecond(band, slice)) / Math.log1p(most);
                int shade = (int) Math.clamp(Math.ceil(share * SHADES) - 1, 0, SHADES - 1);
                shades.get(shade)
                        .append(plot.cell(slice.from(), slice.to(), band.from(), band.to()));
            }
        }
        for (int i = 0; i < SHADES; i++) {
            plot.cells("h" + (i + 1), shades.get(i));
        }
        Charts.warmUp(plot, all);
        return plot.svg();
    }

    /** Replies per second in the fullest cell. */
    static double most(Result result) {
        return result.timeline().stream()
                .flatMap(slice -> slice.bands().stream().map(band -> perSecond(band, slice)))
                .mapToDouble(Double::doubleValue)
                .max()
                .orElse(0);
    }

    private static double perSecond(Band band, Slice slice) {
        return slice.to() > slice.from() ? band.count() / (slice.to() - slice.from()) : 0;
    }
}
