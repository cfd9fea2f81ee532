package io.weft.load;

import static io.weft.load.HttpScripts.ok;
import static io.weft.load.HttpScripts.request;
import static io.weft.load.HttpScripts.say;

import static org.assertj.core.api.Assertions.assertThat;

import io.weft.load.report.Page;
import io.weft.load.report.Result;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A server that stops answering does not vanish from the figures, in both modes. */
@ParameterizedClass
@EnumSource(Mode.class)
class StallTest {
    private final HttpLoad http;

    @TempDir private Path folder;

    StallTest(Mode mode) {
        this.http = new HttpLoad(mode);
    }

    @Test
    void allThatWasDueIsAccountedFor() throws IOException {
        try (var server = stallingAfter(30)) {
            var load =
                    http.load(
                            server,
                            "--connections 2 --rate 100 --duration 3s --timeout 4s --json "
                                    + folder.resolve("it.json"));

            assertThat(load.exitCode()).isEqualTo(1);
            assertThat(load.line("messages"))
                    .matches(
                            "messages     30 in [3-9]\\.\\d{3} s, \\d+\\.\\d per second of 100"
                                    + " asked for");
            long unanswered = figure("unanswered");
            long notSent = figure("not_sent");
            assertThat(unanswered).isGreaterThanOrEqualTo(2);
            assertThat(notSent).isPositive();
            assertThat(30 + unanswered + notSent).isEqualTo(300).isEqualTo(figure("messages_due"));
            assertThat(load.out())
                    .contains(
                            "due and not sent: "
                                    + notSent
                                    + ", sent and not answered: "
                                    + unanswered)
                    .contains("of all 300 that were due")
                    .contains("no reply in time");
            assertThat(load.line("result"))
                    .startsWith("result       not good: ")
                    .contains(notSent + " due and not sent", unanswered + " not answered");
            String page = Page.of(List.of(Result.read("it", folder.resolve("it.json"))));
            assertThat(page)
                    .contains(">" + notSent + "</b>", ">" + unanswered + "</b>")
                    .contains("due and not sent", "<b class=\"bad\">Not good: ");
        }
    }

    @Test
    void aServerThatStallsInTheWarmUpIsNotGood() throws IOException {
        try (var server = stallingAfter(5)) {
            var load =
                    http.load(
                            server,
                            "--connections 2 --rate 20 --warmup 1s --duration 1500ms"
                                    + " --timeout 3s --json "
                                    + folder.resolve("it.json"));

            assertThat(load.exitCode()).isEqualTo(1);
            assertThat(figure("messages_due")).isEqualTo(30);
            assertThat(figure("messages") + figure("warmup_messages")).isEqualTo(5);
            assertThat(figure("messages") + figure("unanswered") + figure("not_sent"))
                    .isEqualTo(30);
            assertThat(load.line("result")).startsWith("result       not good: ");
        }
    }

    @Test
    void aSlowServerIsMeasuredBehindAWarmUpThatItCannotFollow() throws IOException {
        var slow = new AtomicInteger();
        try (var server =
                ScriptedServer.playing(
                        (in, out) -> {
                            while (!request(in).isEmpty()) {
                                slow.incrementAndGet();
                                pause();
                                say(out, ok("Hello"));
                            }
                        })) {
            // 2 000 a second are asked for, and at most 2 x 200 answered
            http.load(
                    server,
                    "--connections 2 --rate 2000 --warmup 1500ms --duration 1500ms --json "
                            + folder.resolve("it.json"));

            assertThat(figure("messages_due")).isEqualTo(3000);
            assertThat(figure("messages")).as("and not none of them").isBetween(2L, 780L);
            assertThat(figure("warmup_not_sent")).isBetween(2100L, 3000L);
            assertThat(figure("messages") + figure("not_sent")).isEqualTo(3000);
            assertThat(figure("messages") + figure("warmup_messages")).isEqualTo(slow.get());
        }
    }

    /** Answers so many requests, all connections taken together. */
    private static ScriptedServer stallingAfter(int requests) throws IOException {
        var left = new AtomicInteger(requests);
        return ScriptedServer.playing(
                (in, out) -> {
                    while (!request(in).isEmpty()) {
                        if (left.getAndDecrement() <= 0) {
                            in.transferTo(OutputStream.nullOutputStream());
                            return;
                        }
                        say(out, ok("Hello"));
                    }
                });
    }

    /** How long the server takes is what is under test. */
    private static void pause() throws IOException {
        try {
            Thread.sleep(5);
        } catch (InterruptedException e) {
            throw new IOException(e);
        }
    }

    private long figure(String name) throws IOException {
        Matcher figure =
                Pattern.compile("\"" + name + "\": (\\d+)")
                        .matcher(Files.readString(folder.resolve("it.json")));
        assertThat(figure.find()).as(name).isTrue();
        return Long.parseLong(figure.group(1));
    }
}
