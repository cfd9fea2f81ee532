package io.weft.load.report;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** The whole page: nothing in it comes from elsewhere, nothing in it is run. Made by one thread. */
public final class Page {
    /** The style sheet has as many colours that can be told apart. */
    public static final int MOST = 6;

    private final List<Result> results;
    private final StringBuilder html = new StringBuilder();

    private Page(List<Result> results) {
        this.results = results;
    }

    /**
     * The page for one result or several, at most {@value #MOST}.
     *
     * @throws IllegalArgumentException if there are none, or more
     */
    public static String of(List<Result> results) {
        if (results.isEmpty() || results.size() > MOST) {
            throw new IllegalArgumentException(
                    "expected 1 to " + MOST + " results, but got " + results.size());
        }
        var page = new Page(results);
        page.write();
        return page.html.toString();
    }

    private void write() {
        String title =
                results.stream().map(Result::target).distinct().collect(Collectors.joining(", "));
        html.append("<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n");
        html.append("<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n");
        html.append("<title>Load on ").append(Html.escape(title)).append("</title>\n");
        html.append("<style>\n").append(style()).append("</style>\n</head>\n<body>\n<main>\n");
        html.append("<h1>Load on ").append(Html.escape(title)).append("</h1>\n");
        html.append(summary());
        html.append(legend());
        html.append("<div class=\"charts\">\n");
        figure(
                "Throughput",
                "replies per second, over the time of the run" + warmUp(),
                Charts.throughput(results));
        figure("Latency by percentile", curveCaption(), Charts.curve(results));
        for (Result result : results) {
            figure(
                    results.size() == 1
                            ? "Latency over time"
                            : "Latency over time: " + result.name(),
                    "how long replies took that came at that time",
                    HeatMap.of(result, results) + heatLegend(result));
        }
        figure("Connections", connectionsCaption(), Charts.connections(results));
        html.append("</div>\n<h2>Figures</h2>\n").append(Table.of(results));
        String statuses = Table.statuses(results);
        if (!statuses.isEmpty()) {
            html.append("<h2>Statuses</h2>\n").append(statuses);
        }
        html.append(problems());
        html.append("<h2>How it was run</h2>\n");
        results.forEach(this::command);
        html.append("</main>\n</body>\n</html>\n");
    }

    private String summary() {
        if (results.size() > 1) {
            return "";
        }
        Result only = results.getFirst();
        String verdict = only.verdict();
        String sentence =
                verdict.isEmpty()
                        ? ""
                        : verdict.substring(0, 1).toUpperCase(Locale.ROOT)
                                + verdict.substring(1)
                                + ".";
        return Html.element(
                        "p",
                        "summary",
                        Html.element("b", only.good() ? "good" : "bad", Html.escape(sentence))
                                + " Began "
                                + Html.escape(only.began())
                                + ".")
                + "\n";
    }

    private String legend() {
        return results.size() == 1
                ? ""
                : IntStream.range(0, results.size())
                        .mapToObj(
                                i ->
                                        "<li><i class=\"mark s%d\"></i>%s</li>"
                                                .formatted(i, Html.escape(results.get(i).name())))
                        .collect(Collectors.joining("", "<ul class=\"legend\">", "</ul>\n"));
    }

    private String warmUp() {
        Result first = results.getFirst();
        return results.size() == 1 && first.countedFrom() > first.sendingFrom()
                ? "; shaded: warm-up, not counted"
                : "";
    }

    private String curveCaption() {
        return "how long that share of the messages that were due took at most"
                + (results.stream().allMatch(result -> result.due() == result.messages())
                        ? ""
                        : "; those without a reply by how long they had waited");
    }

    private String connectionsCaption() {
        boolean anyFailed = results.stream().anyMatch(result -> result.failed() > 0);
        return "made" + (anyFailed ? ", and failed (dashed)," : "") + " up to then";
    }

    private static String heatLegend(Result result) {
        double most = HeatMap.most(result);
        if (most == 0) {
            return "";
        }
        String shades =
                IntStream.rangeClosed(1, HeatMap.SHADES)
                        .mapToObj(i -> "<i class=\"shade%d\"></i>".formatted(i))
                        .collect(Collectors.joining());
        return Html.element(
                "p",
                "scale",
                "few " + shades + " " + Axis.compact(Math.rint(most)) + " per second");
    }

    private void figure(String title, String caption, String content) {
        html.append("<figure><figcaption><h3>").append(Html.escape(title)).append("</h3><p>");
        html.append(Html.escape(caption)).append("</p></figcaption>\n");
        html.append(content).append("\n</figure>\n");
    }

    private String problems() {
        String errors = Table.errors(results);
        String mismatches =
                results.stream()
                        .filter(result -> result.firstMismatch() != null)
                        .map(
                                result ->
                                        Html.element(
                                                "li",
                                                "",
                                                Html.escape(
                                                        whose(result) + result.firstMismatch())))
                        .collect(Collectors.joining());
        if (errors.isEmpty() && mismatches.isEmpty()) {
            return "";
        }
        return "<h2>What went wrong</h2>\n"
                + errors
                + (mismatches.isEmpty() ? "" : "<ul>" + mismatches + "</ul>\n");
    }

    private String whose(Result result) {
        return (results.size() == 1 ? "" : result.name() + ": ") + "the first wrong reply: ";
    }

    private void command(Result result) {
        if (results.size() > 1) {
            html.append(Html.element("h3", "", Html.escape(result.name()))).append('\n');
        }
        html.append(Html.element("pre", "", Html.escape(result.command()))).append('\n');
        String facts = "began " + result.began() + "; " + String.join("; ", result.software());
        html.append(Html.element("p", "facts", Html.escape(facts))).append('\n');
    }

    private static String style() {
        try (InputStream in = Page.class.getResourceAsStream("page.css")) {
            if (in == null) {
                throw new IllegalStateException("page.css is missing beside " + Page.class);
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
