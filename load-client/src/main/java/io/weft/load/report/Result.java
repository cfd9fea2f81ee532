package io.weft.load.report;

import com.fasterxml.jackson.jr.ob.JSON;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * A run as its JSON tells it. Immutable.
 *
 * @param name what it is called beside others
 * @param software what it ran with, a line each
 * @param good whether nothing went wrong, and nobody has interrupted it
 * @param verdict a sentence on that
 * @param errors what went wrong, and how often
 * @param due how many messages were due in the measured time: replies, those that were not answered
 *     and those that were not sent
 * @param statuses of the replies; empty where they have none
 * @param latency null if there was no reply
 * @param cost null where it is not known
 * @param timeline what happened when; empty for files of versions that did not say
 * @param sendingFrom when messages were first sent, in seconds since the start
 * @param countedFrom when they began to count
 */
public record Result(
        String name,
        String command,
        String began,
        List<String> software,
        String target,
        String mode,
        long asked,
        long made,
        long failed,
        boolean good,
        String verdict,
        List<Failure> errors,
        double seconds,
        long messages,
        long due,
        long unanswered,
        long notSent,
        List<Status> statuses,
        double perSecond,
        double megabytesPerSecond,
        @Nullable Latency latency,
        long mismatches,
        @Nullable String firstMismatch,
        @Nullable Cost cost,
        List<Point> curve,
        double sendingFrom,
        double countedFrom,
        List<Slice> timeline) {

    // of files of versions before, which say none
    private static final String GOOD = "every connection held and every reply was right";
    private static final String BAD = "not every connection held, or a reply was wrong";

    /** What the client itself used. */
    record Cost(double cores, double repliesPerCpuSecond) {}

    /** What went wrong, and how often. */
    record Failure(String reason, long count) {}

    /** So many answers had that status. */
    record Status(String code, long count) {}

    /** In milliseconds. */
    record Latency(double p50, double p90, double p99, double p999, double max) {}

    /** So many percent of the replies took at most so long. */
    record Point(double percent, double millis) {}

    /** A piece of the run; times in seconds since its start. */
    record Slice(double from, double to, long made, long failed, long messages, List<Band> bands) {
        double perSecond() {
            return to > from ? messages / (to - from) : 0;
        }
    }

    /** So many replies took between {@code from} and {@code to} microseconds. */
    record Band(double from, double to, long count) {}

    /**
     * Reads a file that {@code --json} has written.
     *
     * @throws IOException if it cannot be read or is none; the message says why
     */
    public static Result read(String name, Path file) throws IOException {
        try {
            return parse(name, Files.readString(file));
        } catch (NoSuchFileException e) {
            throw new IOException("there is no file " + file, e);
        } catch (CharacterCodingException e) {
            throw new IOException(file + " is no result of --json: it is no text", e);
        } catch (IllegalArgumentException e) {
            throw new IOException(file + " is no result of --json: " + e.getMessage(), e);
        } catch (IOException e) {
            throw new IOException("cannot read " + file + ": " + e.getMessage(), e);
        }
    }

    /**
     * Reads what {@code --json} writes.
     *
     * @throws IllegalArgumentException if it is something else
     */
    public static Result parse(String name, String json) {
        Object document;
        try {
            document = JSON.std.anyFrom(json);
        } catch (IOException e) {
            throw new IllegalArgumentException("it is no JSON", e);
        }
        return of(name, new Node(document, ""));
    }

    private static Result of(String name, Node top) {
        String target = top.at("target").text();
        Node connections = top.at("connections");
        double sendingFrom = orZero(top.at("sending_from"));
        long failed = connections.at("failed").count();
        long mismatches = top.at("mismatches").count();
        boolean good = top.at("good").flag(failed == 0 && mismatches == 0);
        long messages = top.at("messages").count();
        return new Result(
                name,
                top.at("command").text("not recorded"),
                top.at("began").text("not recorded"),
                List.of(
                        "Weft " + top.at("weft").text("not recorded"),
                        "Java " + top.at("java").text("not recorded"),
                        top.at("system").text("system not recorded")),
                target,
                top.at("mode").text(),
                connections.at("asked").count(),
                connections.at("made").count(),
                failed,
                good,
                top.at("verdict").text(good ? GOOD : BAD),
                errors(top),
                top.at("seconds").number(),
                messages,
                top.at("messages_due").count(messages),
                top.at("unanswered").count(0),
                top.at("not_sent").count(0),
                top.at("statuses").entries().stream().map(Result::status).toList(),
                top.at("messages_per_second").number(),
                top.at("megabytes_per_second").number(),
                latency(top.at("latency_ms")),
                mismatches,
                top.at("first_mismatch").isAbsent() ? null : top.at("first_mismatch").text(),
                cost(top.at("client_cpu")),
                top.at("latency_percentiles_ms").list().stream()
                        .map(each -> new Point(each.at(0).number(), each.at(1).number()))
                        .toList(),
                sendingFrom,
                Math.max(sendingFrom, orZero(top.at("counted_from"))),
                top.at("timeline").list().stream().map(Result::slice).toList());
    }

    private static double orZero(Node number) {
        return number.isAbsent() ? 0 : number.number();
    }

    /** Files of versions before know failures of connections only. */
    private static List<Failure> errors(Node top) {
        List<Failure> failures = top.at("failures").list().stream().map(Result::failure).toList();
        Node errors = top.at("errors");
        return errors.isAbsent()
                ? failures
                : errors.list().stream()
                        .map(each -> new Failure(each.at("text").text(), each.at("count").count()))
                        .toList();
    }

    private static Failure failure(Node each) {
        return new Failure(each.at("reason").text(), each.at("count").count());
    }

    private static Status status(Map.Entry<String, Node> each) {
        return new Status(each.getKey(), each.getValue().count());
    }

    private static @Nullable Latency latency(Node millis) {
        return millis.isAbsent()
                ? null
                : new Latency(
                        millis.at("p50").number(),
                        millis.at("p90").number(),
                        millis.at("p99").number(),
                        millis.at("p99.9").number(),
                        millis.at("max").number());
    }

    private static @Nullable Cost cost(Node cpu) {
        return cpu.isAbsent()
                ? null
                : new Cost(cpu.at("cores").number(), cpu.at("messages_per_cpu_second").number());
    }

    private static Slice slice(Node each) {
        return new Slice(
                each.at("from").number(),
                each.at("to").number(),
                each.at("made").count(),
                each.at("failed").count(),
                each.at("messages").count(),
                each.at("latencies_us").list().stream()
                        .map(
                                band ->
                                        new Band(
                                                band.at(0).number(),
                                                band.at(1).number(),
                                                band.at(2).count()))
                        .toList());
    }

    /** When the last piece ends. */
    double end() {
        return timeline.isEmpty() ? 0 : timeline.getLast().to();
    }
}
