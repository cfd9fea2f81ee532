package io.weft.load.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

import java.util.Collections;
import java.util.List;

class PageTest {
    private static final String GOOD =
            """
            {"command": "load-client :8888 --report 'a&b.html'", "began": "2026-01-02T03:04:05Z",
             "weft": "1.0", "java": "25", "system": "Linux",
             "target": "127.0.0.1:8888", "mode": "threads",
             "connections": {"asked": 2, "made": 2, "failed": 0}, "failures": [],
             "seconds": 1.0, "messages": 5, "messages_per_second": 5.0, "megabytes_per_second": 0.1,
             "latency_ms": {"p50": 1, "p90": 2, "p99": 3, "p99.9": 4, "max": 5},
             "mismatches": 0, "first_mismatch": null,
             "latency_percentiles_ms": [[0, 1.0], [50, 1.0], [90, 2.0], [100, 5.0]],
             "sending_from": 0.2, "counted_from": 0.5,
             "timeline": [
               {"from": 0.0, "to": 0.5, "made": 2, "failed": 0, "messages": 4,
                "latencies_us": [[896.0, 1024.0, 3], [1792.0, 2048.0, 1]]},
               {"from": 0.5, "to": 1.0, "made": 0, "failed": 0, "messages": 1,
                "latencies_us": [[4096.0, 5120.0, 1]]}]}
            """;

    /** As of versions that recorded less. */
    private static final String FAILED =
            """
            {"target": "127.0.0.1:8888", "mode": "coroutines",
             "connections": {"asked": 2, "made": 0, "failed": 2},
             "failures": [{"reason": "<refused>", "count": 2}],
             "seconds": 0, "messages": 0, "messages_per_second": 0, "megabytes_per_second": 0,
             "latency_ms": null, "mismatches": 1, "first_mismatch": "sent \\"a\\", got \\"b\\""}
            """;

    private static final Result ONE = Result.parse("one", GOOD);
    private static final Result OTHER = Result.parse("other", FAILED);

    @Test
    void nothingComesFromElsewhereAndNothingIsRun() {
        assertThat(Page.of(List.of(ONE, OTHER)))
                .doesNotContain("<script", "http:", "https:", "url(", "@import", "<link", "<img");
    }

    @Test
    void oneRunHasAllPicturesAndFigures() {
        assertThat(Page.of(List.of(ONE)))
                .contains("replies per second over time", "latency by percentile")
                .contains("latencies over time of one", "connections over time")
                .contains("class=\"shade\"", "shaded: warm-up")
                .contains("<td>2 ms</td>", "<td>5</td>")
                .contains("load-client :8888 --report &#39;a&amp;b.html&#39;")
                .contains("Weft 1.0; Java 25; Linux")
                .contains("Every connection held and every reply was right.")
                .doesNotContain("What went wrong");
    }

    @Test
    void aFailedRunSaysWhatWentWrongAndHasNoEmptyPictures() {
        assertThat(Page.of(List.of(OTHER)))
                .contains("Not every connection held, or a reply was wrong.")
                .contains("No reply came.", "No reply was counted.", "Not recorded.")
                .contains("<th>&lt;refused&gt;</th><td><b class=\"bad\">2</b></td>")
                .contains("sent &quot;a&quot;, got &quot;b&quot;")
                .doesNotContain("<svg");
    }

    @Test
    void statusesAndErrorsHaveTheirTables() {
        String json =
                GOOD.replace(
                        "\"failures\": [],",
                        """
                        "failures": [{"reason": "broke off: reset", "count": 2}],
                        "errors": [{"kind": "broken", "reason": "reset",
                            "text": "broke off: reset", "count": 2},
                          {"kind": "status", "reason": "", "text": "wrong status", "count": 3}],
                        "statuses": {"200": 1234, "503": 3}, "not_sent": 7, "unanswered": 2,
                        "messages_due": 1246, "good": false, "verdict": "not good: <much>",
                        """);
        String page = Page.of(List.of(Result.parse("new", json)));

        assertThat(page)
                .contains("<b class=\"bad\">Not good: &lt;much&gt;.</b>")
                .contains("<h2>Statuses</h2>")
                .contains("<th>200</th><td>1,234</td>", "<th>503</th><td>3</td>")
                .contains("<th>due and not sent</th><td><b class=\"bad\">7</b></td>")
                .contains("<th>broke off: reset</th><td><b class=\"bad\">2</b></td>")
                .contains("<th>wrong status</th><td><b class=\"bad\">3</b></td>")
                .contains("<th>messages due</th><td>1,246</td>")
                .contains("those without a reply by how long they had waited");
        assertThat(Page.of(List.of(ONE, Result.parse("new", json))))
                .as("beside one of a version before")
                .contains("<th>503</th><td>0</td><td>3</td>")
                .contains("<th>due and not sent</th><td>0</td><td><b class=\"bad\">7</b></td>");
    }

    @Test
    void longWordsMayWrapAndFiguresStay() {
        assertThat(Page.of(List.of(ONE)))
                .contains("<tr class=\"text\"><th>target</th><td>127.0.0.1:8888</td>")
                .contains("th, .text td { white-space: normal; overflow-wrap: anywhere; }");
    }

    @Test
    void controlCharactersDoNotReachThePage() {
        String page =
                Page.of(
                        List.of(
                                Result.parse(
                                        "a\033[2J\u202E\0",
                                        FAILED.replace("<refused>", "\\u001b[2J\\u0000"))));

        assertThat(page.chars().filter(c -> Character.isISOControl(c) && c != '\n')).isEmpty();
        assertThat(page).doesNotContain("\u202E").contains("\uFFFD[2J");
    }

    @Test
    void severalAreComparedWithTheFirst() {
        assertThat(Page.of(List.of(ONE, Result.parse("two", GOOD.replace("5.0,", "7.5,")))))
                .contains("<i class=\"mark s1\"></i>two")
                .contains("8 <small>× 1.50</small>");
    }

    @Test
    void aFastRunBesideAFailedOneIsDrawn() {
        assertThat(Page.of(List.of(OTHER, ONE)))
                .contains("class=\"line s1\"")
                .contains("<td>–</td>");
    }

    @Test
    void moreThanCanBeToldApartAreRefused() {
        assertThatThrownBy(() -> Page.of(Collections.nCopies(7, ONE)))
                .hasMessage("expected 1 to 6 results, but got 7");
        assertThatThrownBy(() -> Page.of(List.of())).hasMessageContaining("but got 0");
    }

    @Test
    void whatIsNoResultIsRefusedWithTheReason() {
        refused("{", "it is no JSON");
        refused("[]", "expected an object at its top");
        refused("5", "expected an object at its top");
        refused(GOOD.replace("\"seconds\": 1.0", "\"seconds\": -1"), "a number from 0 at seconds");
        refused(GOOD.replace("\"p90\": 2", "\"p90\": \"x\""), "number from 0 at latency_ms.p90");
        refused(GOOD.replace("[50, 1.0]", "[50]"), "2 values at latency_percentiles_ms[1]");
        refused(GOOD.replace("\"failures\": []", "\"failures\": {}"), "a list at failures");
    }

    private static void refused(String json, String reason) {
        assertThatThrownBy(() -> Result.parse("it", json))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(reason);
    }
}
