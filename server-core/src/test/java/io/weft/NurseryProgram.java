package io.weft;

import io.weft.Coroutine.State;

import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A random tree of nested nurseries, made up while it runs: children that return, fail, sleep,
 * swallow, spawn siblings, kill each other, under limits and kills. Each block is compared with
 * what a nursery shall make of what happened in it.
 */
@SuppressWarnings("AnnotateFormatMethod")
final class NurseryProgram {
    private static final int MOST_CHILDREN = 30;

    /** Something of the program's own. */
    private static final class Broken extends Exception {
        private static final long serialVersionUID = 1L;
    }

    /** What happened in one block. */
    private final class Block {
        private final Coroutine<?> owner = Coroutine.current();
        private final int strikes = Cancellation.heardSoFar(owner);
        private final @Nullable Timeout around = owner.timeouts;
        private final ConcurrentLinkedQueue<Coroutine<Long>> children =
                new ConcurrentLinkedQueue<>();
        private final Set<Coroutine<?>> killed = Collections.synchronizedSet(new HashSet<>());
        private final boolean spread;
        private volatile boolean cancelCalled;
        private @Nullable Exception bodyThrew;
        private boolean cancelledBefore; // the body threw

        Block(boolean spread) {
            this.spread = spread;
        }

        void spawn(Nursery nursery, long seed, int depth) {
            if (left.decrementAndGet() >= 0) {
                children.add(
                        nursery.spawn(
                                () -> {
                                    work(new Random(seed), this, nursery, depth);
                                    return seed;
                                }));
            }
        }

        void killOne(Random random) {
            var all = new ArrayList<>(children);
            if (!all.isEmpty()) {
                var victim = all.get(random.nextInt(all.size()));
                killed.add(victim);
                victim.kill();
            }
        }

        void cancel(Nursery nursery) {
            cancelCalled = true;
            nursery.cancel();
        }

        boolean isStruckAround() {
            boolean struck = owner.killed > strikes;
            for (Timeout limit = around; limit != null; limit = limit.outer) {
                struck |= limit.struck > strikes;
            }
            return struck;
        }

        /** The reference. */
        void check(boolean bodyForm, @Nullable Exception thrown) {
            boolean struck = isStruckAround();
            var failures = identities(children.stream().map(this::failure).toList());
            for (var child : children) {
                require(child.isDone(), "%s outlives its block", child);
                boolean cancelled =
                        struck
                                || cancelCalled
                                || !failures.isEmpty()
                                || (bodyForm && bodyThrew != null);
                require(
                        child.state() != State.KILLED || cancelled || killed.contains(child),
                        "%s was killed for nothing",
                        child);
            }
            if (struck) {
                return; // theirs, as the programs of CancellationModelTest know
            }
            if (!failures.isEmpty()) {
                checkFailures(failures, bodyForm, thrown);
            } else if (bodyThrew == null) {
                require(thrown == null, "throws %s without a reason", thrown);
            } else if (!bodyForm || !cancelledBefore) {
                require(thrown == bodyThrew, "throws %s, not %s", thrown, bodyThrew);
            } else {
                require( // from afar the body may have been quicker
                        cancelCalled && (thrown == null || (spread && thrown == bodyThrew)),
                        "a cancelled body ends with %s, not quietly",
                        thrown);
            }
        }

        private @Nullable Throwable failure(Coroutine<?> child) {
            return child.state() == State.FAILED ? child.exception() : null;
        }

        private void checkFailures(
                Set<Throwable> failures, boolean bodyForm, @Nullable Exception thrown) {
            require(thrown != null, "failures %s are lost", failures);
            var told = identities(List.of(thrown));
            var own = bodyThrew instanceof ExecutionException e ? e.getCause() : null;
            if (bodyThrew != null && failures.contains(own)) {
                told.add(own); // by join
            }
            for (var more = new ArrayList<>(told); !more.isEmpty(); ) {
                Throwable e = more.removeLast();
                for (Throwable next : identities(Arrays.asList(e.getSuppressed()))) {
                    if (told.add(next)) {
                        more.add(next);
                    }
                }
                if (e instanceof ExecutionException && told.add(e.getCause())) {
                    more.add(e.getCause());
                }
            }
            require(told.containsAll(failures), "%s does not tell of all of %s", thrown, failures);
            if (bodyThrew == null || (bodyForm && cancelledBefore && !spread)) {
                require(
                        thrown instanceof ExecutionException
                                && failures.contains(thrown.getCause()),
                        "throws %s, not a failure",
                        thrown);
            }
        }
    }

    private static Set<Throwable> identities(List<? extends @Nullable Throwable> all) {
        Set<Throwable> set = Collections.newSetFromMap(new IdentityHashMap<>());
        all.stream().filter(e -> e != null).forEach(set::add);
        return set;
    }

    private static void require(boolean holds, String message, @Nullable Object... arguments) {
        if (!holds) {
            throw new AssertionError(message.formatted(arguments));
        }
    }

    private final Random random;
    private final LoopGroup group;
    private final ManualClock clock;
    private final AtomicInteger left = new AtomicInteger(MOST_CHILDREN);
    private final ConcurrentLinkedQueue<Throwable> wrong = new ConcurrentLinkedQueue<>();

    NurseryProgram(long seed, LoopGroup group, ManualClock clock) {
        this.random = new Random(seed);
        this.group = group;
        this.clock = clock;
    }

    /** From a coroutine of the first loop. */
    void run() throws Exception {
        long rootSeed = random.nextLong();
        Loop loop = group.loops().get(0);
        var root =
                new Coroutine<@Nullable Void>(
                        loop,
                        null,
                        () -> {
                            block(new Random(rootSeed), 3);
                            return null;
                        }) {
                    @Override
                    void report(Throwable e) {}
                };
        root.start();
        int killAt = random.nextInt(60); // often later than its end
        for (int pass = 0; !root.isDone(); pass++) {
            if (pass == killAt || pass > 2_000) {
                root.kill();
            }
            clock.advance(Duration.ofMillis(pass > 200 ? 1_000 : 1));
            Weft.yieldNow();
        }
        if (!wrong.isEmpty()) {
            throw new AssertionError("of " + wrong.size(), wrong.peek());
        }
        require(root.timeouts == null && !root.killUnheard, "scopes are left");
    }

    /** What a child does. */
    private void work(Random random, Block block, Nursery nursery, int depth) throws Exception {
        for (int i = random.nextInt(3); i >= 0; i--) {
            step(random, block, nursery, depth);
        }
    }

    private void step(Random random, Block block, Nursery nursery, int depth) throws Exception {
        int which = random.nextInt(100);
        if (which < 30) {
            Weft.sleep(Duration.ofMillis(random.nextInt(8)));
        } else if (which < 40) {
            Weft.yieldNow();
        } else if (which < 48) {
            swallow(random);
        } else if (which < 54) {
            throw new Broken();
        } else if (which < 62) {
            block.spawn(nursery, random.nextLong(), depth - 1);
        } else if (which < 66) {
            block.killOne(random);
        } else if (which < 69) {
            block.cancel(nursery);
        } else if (which < 74) {
            Thread.sleep(0, 1); // the JDK's
        } else if (depth > 0) {
            limited(random, depth - 1);
        }
    }

    private static void swallow(Random random) {
        try {
            Weft.sleep(Duration.ofMillis(random.nextInt(20)));
        } catch (InterruptedException e) {
            if (random.nextInt(4) == 0) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private void limited(Random random, int depth) throws Exception {
        if (random.nextInt(3) > 0) {
            block(random, depth);
            return;
        }
        try (var limit = Timeout.start(Duration.ofMillis(random.nextInt(10)))) {
            try {
                block(random, depth);
            } catch (Exception e) {
                if (!limit.owns(e)) {
                    throw e;
                }
            }
        }
    }

    private void block(Random random, int depth) throws Exception {
        boolean bodyForm = random.nextBoolean();
        var block = new Block(random.nextBoolean() && group.loops().size() > 1);
        LoopGroup loops = block.spread ? group : null;
        Exception thrown = null;
        try {
            if (bodyForm) {
                Nursery.Body body = nursery -> body(random, block, nursery, depth);
                if (loops == null) {
                    Nursery.run(body);
                } else {
                    Nursery.run(loops, body);
                }
            } else {
                try (var nursery = loops == null ? Nursery.open() : Nursery.open(loops)) {
                    body(random, block, nursery, depth);
                }
            }
        } catch (Exception e) {
            thrown = e;
        }
        try {
            block.check(bodyForm, thrown);
        } catch (AssertionError e) {
            wrong.add(thrown == null ? e : new AssertionError(e.getMessage(), thrown));
        }
        if (thrown != null) {
            throw thrown;
        }
    }

    private void body(Random random, Block block, Nursery nursery, int depth) throws Exception {
        try {
            for (int i = random.nextInt(4); i > 0; i--) {
                block.spawn(nursery, random.nextLong(), depth);
            }
            work(random, block, nursery, depth);
            if (random.nextInt(3) == 0) {
                nursery.join();
            }
        } catch (Exception e) {
            block.cancelledBefore = nursery.isCancelled();
            block.bodyThrew = e;
            throw e;
        }
    }
}
