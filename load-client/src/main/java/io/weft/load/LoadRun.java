package io.weft.load;

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

    private record Member(Worker worker, Runnable abort) {}

    private final LoadOptions options;
    private final Clock clock;
    private final Schedule schedule;
    private final PrintWriter out;
    private final Progress progress;
    private final List<Member> members = new ArrayList<>();
    private List<Tally> tallies = List.of();

    /**
     * @param out where replies are printed, if {@code options} say so
     */
    LoadRun(LoadOptions options, Clock clock, PrintWriter out, Progress progress) {
        this.options = options;
        this.clock = clock;
        this.schedule = new Schedule(options, clock);
        this.out = out;
        this.progress = progress;
    }

    /** Ends the run early; {@link #run} then returns what there is. */
    void stop() {
        schedule.stop();
    }

    /** Does it all. Once. */
    Figures run() throws InterruptedException {
        try (Crew crew = Crew.of(options)) {
            long epoch = clock.nanoTime();
            tallies = Stream.generate(() -> new Tally(epoch)).limit(crew.lanes()).toList();
            for (int i = 0; i < options.connections(); i++) {
                start(crew, i);
            }
            while (!schedule.awaitArrivals(TICK)) {
                progress.connecting(sum(Tally::connectedCount), options.connections());
                abortIfStopped();
            }
            schedule.begin();
            while (!schedule.awaitEnds(TICK)) {
                progress.running(schedule.startedAt(), clock.nanoTime(), sum(Tally::replies));
                abortIfStopped();
                abortOverdue();
            }
            return figures(clock.nanoTime());
        } finally {
            progress.clear();
        }
    }

    private void start(Crew crew, int index) {
        Link link = crew.link(index);
        var tally = tallies.get(index % tallies.size());
        var worker =
                new Worker(
                        index, link, schedule, tally, options.size(), options.print() ? out : null);
        try {
            members.add(new Member(worker, crew.start(index, link, worker)));
        } catch (IOException e) {
            worker.neverRun(e);
        }
    }

    private void abortIfStopped() {
        if (schedule.isStopped()) {
            members.stream()
                    .filter(member -> member.worker.hasBegun())
                    .forEach(member -> member.abort.run());
        }
    }

    /**
     * Here rather than as a limit on every read, which would cost each message a timer or a system
     * call.
     */
    private void abortOverdue() {
        long now = clock.nanoTime();
        for (Member member : members) {
            if (member.worker.isOverdue(now, options.timeout().toNanos())) {
                member.abort.run();
            }
        }
    }

    private long sum(ToLongFunction<Tally> count) {
        return tallies.stream().mapToLong(count).sum();
    }

    private Figures figures(long now) {
        long lastReply = schedule.startedAt();
        for (Tally tally : tallies) {
            lastReply += Math.max(0, tally.lastReply() - lastReply);
        }
        return Figures.of(options.connections(), tallies, schedule.measured(lastReply, now));
    }
}
