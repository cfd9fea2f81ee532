package io.weft.load;

import io.weft.load.Figures.Latency;

import org.HdrHistogram.Histogram;
import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.ToLongFunction;
import java.util.stream.Stream;

/**
 * One run, led by the thread that calls {@link #run}: starts the workers, lets them go together
 * once all are connected, watches over them, and adds up what they did. {@link #stop} is for any
 * thread.
 */
final class LoadRun {
    /** How often the leader looks after the workers and the progress line. */
    private static final Duration TICK = Duration.ofMillis(100);

    private record Member(int index, Worker worker, Runnable abort) {}

    private final LoadOptions options;
    private final Clock clock;
    private final Schedule schedule;
    private final PrintWriter out;
    private final Progress progress;
    private final List<Member> members = new ArrayList<>();
    private List<Tally> tallies = List.of();
    private Cost.@Nullable Mark counting; // when replies began to count
    private final Timeline timeline;

    /**
     * @param out where replies are printed, if {@code options} say so
     */
    LoadRun(LoadOptions options, Clock clock, PrintWriter out, Progress progress) {
        this.options = options;
        this.clock = clock;
        this.schedule = new Schedule(options, clock);
        this.timeline = new Timeline(clock.nanoTime(), TICK.toNanos());
        this.out = out;
        this.progress = progress;
    }

    /** Ends the run early; {@link #run} then returns what there is. */
    void stop() {
        schedule.stop();
    }

    /**
     * Does it all. Once.
     *
     * @throws IOException if there cannot be any connections
     */
    Outcome run() throws IOException, InterruptedException {
        try (Crew crew = Crew.of(options)) {
            long epoch = clock.nanoTime();
            tallies = Stream.generate(() -> new Tally(epoch)).limit(crew.lanes()).toList();
            if (schedule.isRamp()) {
                schedule.begin(); // for each as soon as it is there
            }
            var dialogues = new Dialogues(options, crew);
            for (int i = 0; i < options.connections(); i++) {
                start(crew, dialogues.of(i), i);
            }
            if (!schedule.isRamp()) {
                awaitConnections();
            }
            while (!schedule.awaitEnds(TICK)) {
                long now = clock.nanoTime();
                timeline.take(now, tallies);
                if (counting == null && schedule.counts(now)) {
                    counting = Cost.Mark.at(now, sum(Tally::replies));
                }
                progress.running(view(now), this::latency);
                abortIfStopped();
                expireOverdue(crew, now);
            }
            members.forEach(member -> member.worker.settle());
            return outcome(clock.nanoTime());
        } finally {
            progress.clear();
        }
    }

    private void awaitConnections() throws InterruptedException {
        while (!schedule.awaitArrivals(TICK)) {
            timeline.take(clock.nanoTime(), tallies);
            progress.connecting(
                    sum(Tally::connectedCount), options.connections(), sum(Tally::failedCount));
            abortIfStopped();
        }
        schedule.begin();
    }

    private Progress.View view(long now) {
        long end = options.duration() == null ? 0 : options.duration().toNanos();
        return new Progress.View(
                now - schedule.startedAt(),
                end == 0 ? 0 : end + options.warmup().toNanos(),
                !schedule.counts(now),
                sum(Tally::replies),
                sum(Tally::connectedCount),
                sum(Tally::failedCount),
                sum(Tally::mismatches),
                members.stream()
                        .mapToLong(member -> member.worker.waitingNanos(now))
                        .max()
                        .orElse(0));
    }

    private Latency latency() {
        var all = new Histogram(Tally.HIGHEST_NANOS, Tally.DIGITS);
        tallies.forEach(tally -> all.add(tally.latencies()));
        return Latency.of(all);
    }

    private void start(Crew crew, Dialogue dialogue, int index) {
        var tally = tallies.get(index % tallies.size());
        var worker =
                new Worker(index, dialogue, options, schedule, tally, options.print() ? out : null);
        Runnable abort = () -> {};
        try {
            abort = crew.start(index, dialogue, worker);
        } catch (IOException e) {
            worker.neverRun(e);
        }
        members.add(new Member(index, worker, abort));
    }

    private void abortIfStopped() {
        if (schedule.isStopped()) {
            members.stream()
                    .filter(member -> member.worker.hasBegun())
                    .forEach(member -> member.abort.run());
        }
    }

    private void expireOverdue(Crew crew, long now) {
        for (Member member : members) {
            if (member.worker.isOverdue(now)) {
                crew.onBehalfOf(member.index, () -> member.worker.expire(clock.nanoTime()));
            }
        }
    }

    private long sum(ToLongFunction<Tally> count) {
        return tallies.stream().mapToLong(count).sum();
    }

    private Outcome outcome(long now) {
        return new Outcome(
                Figures.of(
                        options.connections(),
                        tallies,
                        schedule.measured(latest(Tally::lastSent), latest(Tally::lastReply))),
                schedule.isInterrupted(),
                timeline.end(now, tallies),
                schedule.startedAt() - timeline.start(),
                schedule.countedFrom() - timeline.start(),
                Cost.between(counting, Cost.Mark.at(now, sum(Tally::replies))));
    }

    private long latest(ToLongFunction<Tally> time) {
        long latest = schedule.countedFrom();
        for (Tally tally : tallies) {
            latest += Math.max(0, time.applyAsLong(tally) - latest);
        }
        return latest;
    }
}
