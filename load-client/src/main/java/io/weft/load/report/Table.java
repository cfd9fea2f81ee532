package io.weft.load.report;

import io.weft.load.report.Result.Cost;
import io.weft.load.report.Result.Latency;

import org.jspecify.annotations.Nullable;

import java.util.List;
import java.util.Locale;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;

/** The figures, a column for each result; those after the first also as a ratio to it. */
final class Table {
    private final List<Result> results;
    private final StringBuilder rows = new StringBuilder();

    private Table(List<Result> results) {
        this.results = results;
    }

    static String of(List<Result> results) {
        var table = new Table(results);
        table.write();
        return "<div class=\"wide\"><table>\n" + table.rows + "</table></div>";
    }

    private void write() {
        rows.append("<thead><tr><th></th>");
        for (int i = 0; i < results.size(); i++) {
            String mark = results.size() == 1 ? "" : "<i class=\"mark s" + i + "\"></i>";
            rows.append("<th>").append(mark).append(Html.escape(results.get(i).name()));
            rows.append("</th>");
        }
        rows.append("</tr></thead>\n<tbody>\n");
        row("target", result -> Html.escape(result.target()));
        row("mode", result -> Html.escape(result.mode()));
        row("connections asked for", result -> whole(result.asked()));
        row("connections made", result -> whole(result.made()));
        row("connections failed", result -> bad(result.failed()));
        row("measured", result -> number(result.seconds(), 3) + " s");
        row("replies", result -> whole(result.messages()));
        figure("replies per second", Result::perSecond, value -> number(value, 0));
        row("MB per second", result -> number(result.megabytesPerSecond(), 3));
        latency("latency, half of them", Latency::p50);
        latency("90 %", Latency::p90);
        latency("99 %", Latency::p99);
        latency("99.9 %", Latency::p999);
        latency("the longest", Latency::max);
        row("wrong replies", result -> bad(result.mismatches()));
        row("processors the client used", result -> cost(result.cost(), Cost::cores, 2));
        row(
                "replies per second of them",
                result -> cost(result.cost(), Cost::repliesPerCpuSecond, 0));
        rows.append("</tbody>\n");
    }

    private void latency(String name, ToDoubleFunction<Latency> part) {
        figure(
                name,
                result -> result.latency() == null ? -1 : part.applyAsDouble(result.latency()),
                Charts::millis);
    }

    /** A row of values that can be compared; less than 0 is none. */
    private void figure(
            String name, ToDoubleFunction<Result> value, Function<Double, String> format) {
        double first = value.applyAsDouble(results.getFirst());
        row(
                name,
                result -> {
                    double its = value.applyAsDouble(result);
                    if (its < 0) {
                        return "–";
                    }
                    boolean compared = result != results.getFirst() && first > 0;
                    return format.apply(its)
                            + (compared ? " <small>× " + number(its / first, 2) + "</small>" : "");
                });
    }

    private void row(String name, Function<Result, String> cell) {
        rows.append("<tr><th>").append(name).append("</th>");
        for (Result result : results) {
            rows.append("<td>").append(cell.apply(result)).append("</td>");
        }
        rows.append("</tr>\n");
    }

    private static String cost(@Nullable Cost cost, ToDoubleFunction<Cost> part, int digits) {
        return cost == null ? "–" : number(part.applyAsDouble(cost), digits);
    }

    private static String bad(long count) {
        return count == 0 ? "0" : Html.element("b", "bad", whole(count));
    }

    private static String whole(long value) {
        return String.format(Locale.ROOT, "%,d", value);
    }

    private static String number(double value, int digits) {
        return String.format(Locale.ROOT, "%,." + digits + "f", value);
    }
}
