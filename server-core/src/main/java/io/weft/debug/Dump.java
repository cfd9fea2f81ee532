package io.weft.debug;

import io.weft.Coroutine;
import io.weft.Loop;
import io.weft.Weft;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;

/**
 * Every coroutine of every loop at one moment (gevent: print_run_info, GreenletTree). Coroutines go
 * on while they are looked at, so two that are shown need not have been so at the same instant.
 *
 * <p>Differences from gevent: shown are coroutines that were started by Weft and have begun to run;
 * virtual threads that were started through the JDK are in the JDK's own dump ({@code jcmd
 * Thread.dump_to_file}), under the same thread ids.
 */
public record Dump(List<LoopInfo> loops) {
    /** A loop that does not answer within this time is held. */
    private static final long PATIENCE_MILLIS = 1_000;

    /**
     * Looks at all loops. Any thread, coroutine or not; waits up to a second for loops that are
     * busy.
     */
    public static Dump take() throws InterruptedException {
        Map<Loop, CompletableFuture<List<Coroutine<?>>>> answers = new LinkedHashMap<>();
        for (Loop loop : Loop.all()) {
            answers.put(loop, coroutines(loop));
        }
        var all = CompletableFuture.allOf(answers.values().toArray(CompletableFuture<?>[]::new));
        try {
            Weft.await(all.completeOnTimeout(null, PATIENCE_MILLIS, TimeUnit.MILLISECONDS));
        } catch (ExecutionException e) {
            throw new IllegalStateException("a loop cannot tell its coroutines", e.getCause());
        }
        var loops = new ArrayList<LoopInfo>();
        answers.forEach((loop, answer) -> loops.add(info(loop, answer.getNow(null))));
        return new Dump(List.copyOf(loops));
    }

    private static CompletableFuture<List<Coroutine<?>>> coroutines(Loop loop) {
        if (loop.isCurrent()) {
            return CompletableFuture.completedFuture(loop.coroutines());
        }
        var answer = new CompletableFuture<List<Coroutine<?>>>();
        try {
            loop.eventLoop().execute(() -> answer.complete(loop.coroutines()));
        } catch (RejectedExecutionException e) {
            answer.complete(List.of()); // it has just ended
        }
        return answer;
    }

    private static LoopInfo info(Loop loop, @Nullable List<Coroutine<?>> coroutines) {
        if (coroutines == null) {
            Thread running = loop.runningThread();
            return new LoopInfo(
                    loop.name(),
                    true,
                    running == null ? List.of() : List.of(running.getStackTrace()),
                    List.of());
        }
        var infos = new ArrayList<CoroutineInfo>();
        for (Coroutine<?> coroutine : coroutines) {
            Thread thread = coroutine.thread();
            if (thread != null) {
                infos.add(CoroutineInfo.of(coroutine, thread));
            }
        }
        infos.sort(Comparator.comparingLong(CoroutineInfo::id));
        return new LoopInfo(loop.name(), false, List.of(), List.copyOf(infos));
    }

    /** For people: each coroutine with its stack. */
    public String text() {
        return DumpText.of(this);
    }

    /** For people: who made whom, without stacks. */
    public String tree() {
        return DumpText.tree(this);
    }

    /** For programs: one JSON object (RFC 8259). */
    public String json() {
        return DumpJson.of(this);
    }

    @Override
    public String toString() {
        return text();
    }
}
