package io.weft.load.report;

import io.weft.load.report.Result.Cost;
import io.weft.load.report.Result.Failure;
import io.weft.load.report.Result.Latency;
import io.weft.load.report.Result.Status;

import org.jspecify.annotations.Nullable;

import java.util.List;
import java.util.Locale;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;
import java.util.function.ToLongFunction;

/** The figures, a column for each result; those after the first also as a ratio to it. */
final class Table {
    private final List<Result> results;
    private final StringBuilder rows = new StringBuilder();

    private Table(List<Result> results) {
        this.results = results;
    }

    /** All figures. */
    static String of(List<Result> results) {
        var table = new Table(results);
        table.figures();
        return table.html();
    }

    /** How many answers had each status; nothing if none had one. */
    static String statuses(List<Result> results) {
        var table = new Table(results);
        table.counts(Result::statuses, Status::code, status -> whole(status.count()));
        return table.rows.isEmpty() ? "" : table.html();
    }

    /** What went wrong, and how often; nothing if nothing did. */
    static String errors(List<Result> results) {
        var table = new Table(results);
        table.count("due and not sent", Result::notSent);
        table.count("sent and not answered", Result::unanswered);
        table.counts(Result::errors, Failure::reason, error -> bad(error.count()));
        return table.rows.isEmpty() ? "" : table.html();
    }

    private String html() {
        var names = new StringBuilder();
        for (int i = 0; i < results.size(); i++) {
            String mark = results.size() == 1 ? "" : "<i class=\"mark s" + i + "\"></i>";
            names.append("<th>").append(mark).append(Html.escape(results.get(i).name()));
            names.append("</th>");
        }
        return "<div class=\"wide\"><table>\n<thead><tr><th></th>"
                + names
                + "</tr></thead>\n<tbody>\n"
                + rows
                + "</tbody>\n</table></div>";
    }

    private void figures() {
        text("target", Result::target);
        text("mode", Result::mode);
        text("result", Result::verdict);
        row("connections asked for", result -> whole(result.asked()));
        row("connections made", result -> whole(result.made()));
        row("failures of connections", result -> bad(result.failed()));
        row("measured", result -> number(result.seconds(), 3) + " s");
        row("messages due", result -> whole(result.due()));
        row("due and not sent", result -> bad(result.notSent()));
        row("sent and not answered", result -> bad(result.unanswered()));
        row("replies", result -> whole(result.messages()));
        figure("replies per second", Result::perSecond, value -> number(value, 0));
        row("MB per second", result -> number(result.megabytesPerSecond(), 3));
        latency("latency, half of all due", Latency::p50);
        latency("90 %", Latency::p90);
        latency("99 %", Latency::p99);
        latency("99.9 %", Latency::p999);
        latency("the longest", Latency::max);
        row("wrong replies", result -> bad(result.mismatches()));
        row("processors the client used", result -> cost(result.cost(), Cost::cores, 2));
        row(
                "replies per second of them",
                result -> cost(result.cost(), Cost::repliesPerCpuSecond, 0));
    }

    /** A row for a count that is not everywhere 0. */
    private void count(String name, ToLongFunction<Result> count) {
        if (results.stream().anyMatch(result -> count.applyAsLong(result) > 0)) {
            row(name, result -> bad(count.applyAsLong(result)));
        }
    }

    /** A row for each name that any result has. */
    private <T> void counts(
            Function<Result, List<T>> all, Function<T, String> name, Function<T, String> cell) {
        results.stream()
                .flatMap(result -> all.apply(result).stream())
                .map(name)
                .distinct()
                .forEach(
                        each ->
                                row(
                                        Html.escape(each),
                                        result ->
                                                all.apply(result).stream()
                                                        .filter(it -> name.apply(it).equals(each))
                                                        .findFirst()
                                                        .map(cell)
                                                        .orElse("0")));
    }

    /** A row of words, which may be long. */
    private void text(String name, Function<Result, String> words) {
        rows.append("<tr class=\"text\"><th>").append(name).append("</th>");
        for (Result result : results) {
            rows.append("<td>").append(Html.escape(words.apply(result))).append("</td>");
        }
        rows.append("</tr>\n");
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
