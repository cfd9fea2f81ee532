package io.weft;

import static io.weft.ScopeModel.KILL;

import io.weft.ScopeModel.Limit;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.locks.ReentrantLock;

/**
 * A random program of waits, limits, kills and code that handles them badly, made up while it runs.
 * Each step asks the {@link ScopeModel} what must come, and compares. One run; on its loop.
 */
@SuppressWarnings({"LockNotBeforeTry", "AnnotateFormatMethod", "ThreadPriorityCheck"})
final class CancellationProgram {
    /** Not a divisor of what the clock has left until it wraps round: no deadline is NEVER. */
    private static final long UNIT = 1_000_003;

    private static final Duration FOR_EVER = Duration.ofDays(1);

    private enum Wait {
        SLEEP,
        AWAIT,
        JOIN,
        YIELD,
        JDK_SLEEP,
        TAKE,
        LATCH;

        boolean isWefts() {
            return compareTo(JDK_SLEEP) < 0;
        }
    }

    /** Something of the program's own. */
    private static final class Broken extends IllegalStateException {
        private static final long serialVersionUID = 1L;

        Broken(@Nullable Throwable cause) {
            super(cause);
        }
    }

    private final Random random;
    private final ScopeModel model = new ScopeModel();
    private final CancellationStriker striker;
    private final Coroutine<String> coroutine;
    private final List<RecurringTimeout> recurring = new ArrayList<>();
    private final List<String> steps = new ArrayList<>();
    private int stepsLeft;
    int thrown; // strikes that a call has thrown
    boolean interruptIsLeft;
    private boolean hasFailed;

    CancellationProgram(long seed, CancellationStriker striker) {
        this.random = new Random(seed);
        this.striker = striker;
        this.stepsLeft = 4 + random.nextInt(30);
        this.coroutine =
                new Coroutine<>(striker.loop, null, this::body) {
                    @Override
                    void report(Throwable e) {}
                };
        coroutine.link(_ -> interruptIsLeft = Thread.currentThread().isInterrupted());
    }

    /** From another coroutine of the loop. */
    void run() throws InterruptedException {
        coroutine.start();
        coroutine.join();
        Weft.yieldNow(); // its links have been called
        if (coroutine.exception() instanceof Error e) {
            throw e;
        }
        var expected =
                !hasFailed
                        ? Coroutine.State.SUCCEEDED
                        : model.isKilled() ? Coroutine.State.KILLED : Coroutine.State.FAILED;
        check(coroutine.state() == expected, "ended as %s, not %s", coroutine.state(), expected);
        check(!interruptIsLeft, "an interrupt is left");
        check(!coroutine.killUnheard && coroutine.timeouts == null, "scopes are left");
        check(striker.loop.unheard == 0, "%s unheard on the loop", striker.loop.unheard);
        check(striker.loop.timerCount() == 0, "%s timers left", striker.loop.timerCount());
        check(striker.loop.coroutineCount() == 1, "coroutines are left");
    }

    @Override
    public String toString() {
        return steps + ", " + model;
    }

    private String body() throws Exception {
        try {
            block(5);
            return "value";
        } catch (Exception e) {
            hasFailed = true;
            throw e;
        } finally {
            recurring.forEach(RecurringTimeout::close);
        }
    }

    private void block(int depth) throws Exception {
        for (int i = 1 + random.nextInt(4); i > 0 && stepsLeft > 0; i--) {
            stepsLeft--;
            step(depth);
        }
    }

    private void step(int depth) throws Exception {
        int which = random.nextInt(depth == 0 ? 60 : 100);
        if (which < 33) {
            await();
        } else if (which < 43) {
            step("compute");
            strikeAll(true);
        } else if (which < 54) {
            awaitUninterruptibly();
        } else if (which < 57) {
            step("throw");
            throw new Broken(null);
        } else if (which < 58) {
            step("take back");
            coroutine.takeBackKill();
            model.takeBackKill();
        } else if (which < 60) {
            step("set the interrupt");
            Thread.currentThread().interrupt();
            model.setAgain();
        } else if (which < 80) {
            limit(depth - 1);
        } else if (which < 93) {
            handle(depth - 1);
        } else {
            step("try");
            try {
                block(depth - 1);
            } finally {
                step("finally");
                block(depth - 1);
            }
        }
    }

    // ---- waits

    @SuppressWarnings({"ThreadPriorityCheck", "WaitNotInLoop"})
    private void await() throws Exception {
        var kinds = Wait.values();
        var kind = kinds[random.nextInt(kinds.length)];
        if (kind.isWefts()) {
            model.weftWaits();
        }
        boolean ends = false;
        var done = new CompletableFuture<Runnable>();
        if (!model.isPending()) {
            int event = random.nextInt(10);
            var due = event < 4 ? nextDue() : null;
            if (kind == Wait.YIELD) {
                ends = event >= 4;
                if (!ends) {
                    striker.loop.spawnRaw(coroutine::kill);
                    model.strike(KILL);
                }
            } else if (due != null) {
                striker.loop.spawnRaw(() -> striker.advanceTo(due.deadline));
                strikeDue(due.deadline);
            } else if (event < 7) {
                var from = striker.anyone(random);
                boolean twice = from.isTheLoop() && random.nextBoolean();
                striker.loop.spawnRaw(() -> from.kill(coroutine, twice));
                model.strike(KILL);
            } else {
                ends = true;
                striker.loop.spawnRaw(() -> done.join().run());
            }
        }
        step(kind + (ends ? "" : " that is struck"));
        try {
            await(kind, ends, done);
        } catch (InterruptedException e) {
            thrown++;
            check(!ends, "was interrupted: %s", e);
            if (kind.isWefts()) {
                checkNames(model.weftThrows(), e);
            } else {
                model.jdkThrows();
                check(!(e instanceof Timeout.Expired), "thrown by the JDK: %s", e);
            }
            throw e;
        }
        check(ends, "was not interrupted");
    }

    private void await(Wait kind, boolean ends, CompletableFuture<Runnable> done)
            throws InterruptedException {
        switch (kind) {
            case SLEEP -> {
                if (ends) {
                    done.complete(() -> {});
                }
                Weft.sleep(ends ? Duration.ZERO : FOR_EVER);
            }
            case AWAIT -> {
                var queue = new WaitQueue();
                done.complete(
                        () -> {
                            queue.lock();
                            queue.wakeOne();
                            queue.unlock();
                        });
                queue.lock();
                try {
                    queue.await(Deadline.NEVER, queue);
                } finally {
                    queue.unlock();
                }
            }
            case JOIN -> {
                var other = new Coroutine<>(striker.loop, null, () -> "");
                done.complete(other::start);
                other.join();
            }
            case YIELD -> Weft.yieldNow();
            case JDK_SLEEP -> {
                if (ends) {
                    done.complete(() -> {});
                }
                Thread.sleep(ends ? Duration.ZERO : FOR_EVER);
            }
            case TAKE -> {
                var queue = new LinkedBlockingQueue<String>();
                done.complete(() -> queue.add(""));
                queue.take();
            }
            case LATCH -> {
                var latch = new CountDownLatch(1);
                done.complete(latch::countDown);
                latch.await();
            }
        }
    }

    private void checkNames(@Nullable Object scope, InterruptedException e) {
        Timeout named = e instanceof Timeout.Expired expired ? expired.timeout() : null;
        Timeout expected = scope instanceof Limit limit ? limit.real : null;
        check(named == expected, "throws %s, but was struck by %s", e, scope);
        boolean saysKilled = String.valueOf(e.getMessage()).endsWith("was killed");
        check(saysKilled == (scope == KILL), "throws %s, but was struck by %s", e, scope);
    }

    /** Is struck in a wait that nothing interrupts. */
    @SuppressWarnings("ThreadPriorityCheck")
    private void awaitUninterruptibly() {
        if (random.nextBoolean()) {
            step("join of a future");
            var future = new CompletableFuture<String>();
            striker.loop.spawnRaw(
                    () -> {
                        strikeAll(false);
                        future.complete("");
                    });
            future.join();
            return;
        }
        step("lock");
        var lock = new ReentrantLock();
        Thread own = Thread.currentThread();
        striker.loop.spawnRaw(
                () -> {
                    lock.lock();
                    while (!lock.hasQueuedThread(own)) {
                        Thread.yield();
                    }
                    strikeAll(false);
                    lock.unlock();
                });
        while (!lock.isLocked()) {
            Thread.yield();
        }
        lock.lock();
        lock.unlock();
    }

    // ---- strikes

    /** Without a call that an interrupt could end. */
    private void strikeAll(boolean bySelf) {
        for (int i = random.nextInt(4); i > 0; i--) {
            var due = nextDue();
            if (due != null && random.nextInt(3) != 0) {
                step(" expires");
                striker.advanceTo(due.deadline);
                strikeDue(due.deadline);
                for (Limit limit = model.innermost(); limit != null; ) {
                    CancellationStriker.spinUntil(limit.real::isExpired, limit.isStruck());
                    limit = ScopeModel.around(limit);
                }
            } else if (random.nextInt(4) == 0) {
                step(bySelf ? " kills itself" : " is killed");
                striker.anyone(random).killAndSee(coroutine);
                model.strike(KILL);
            }
        }
    }

    /** One of the limits that have not been reached; null if there is none. */
    private @Nullable Limit nextDue() {
        var running = new ArrayList<Limit>();
        for (Limit limit = model.innermost(); limit != null; limit = ScopeModel.around(limit)) {
            if (!limit.isStruck()) {
                running.add(limit);
            }
        }
        return running.isEmpty() ? null : running.get(random.nextInt(running.size()));
    }

    private void strikeDue(long now) {
        for (Limit limit = model.innermost(); limit != null; limit = ScopeModel.around(limit)) {
            if (!limit.isStruck() && limit.deadline - now <= 0) {
                model.strike(limit);
            }
        }
    }

    // ---- blocks

    private void handle(int depth) throws Exception {
        int how = random.nextInt(5);
        step("handle " + how);
        try {
            block(depth);
        } catch (Exception e) {
            step("handler " + how);
            switch (how) {
                case 0 -> {} // swallows it
                case 1 -> {
                    Thread.currentThread().interrupt();
                    model.setAgain();
                }
                case 2 -> {
                    Thread.currentThread().interrupt();
                    model.setAgain();
                    throw new Broken(e);
                }
                case 3 -> throw new CancellationException(String.valueOf(e.getMessage()));
                default -> throw new Broken(null);
            }
        }
    }

    private void limit(int depth) throws Exception {
        int form = random.nextInt(5);
        var duration = Duration.ofNanos(UNIT * (1 + random.nextInt(6)));
        step("limit " + form + " of " + duration);
        var opened = new Limit[1];
        var inside = new Exception[1];
        Callable<String> body =
                () -> {
                    if (form == 4) {
                        striker.awaitLookAtTheClock();
                    }
                    long deadline = striker.loop.nanoTime() + duration.toNanos();
                    opened[0] = model.open(coroutine.timeouts, deadline);
                    try {
                        block(depth);
                        return "value";
                    } catch (Exception e) {
                        inside[0] = e;
                        throw e;
                    }
                };
        String value = null;
        Exception outside = null;
        try {
            value =
                    switch (form) {
                        case 0 -> Timeout.call(duration, body);
                        case 1 -> Timeout.callOr(duration, "late", body);
                        case 2 -> Timeout.call(duration, body, IOException::new);
                        case 3 -> within(Timeout.start(duration), body);
                        default -> within(recurring(duration).start(), body);
                    };
        } catch (Exception e) {
            outside = e;
        }
        boolean own = model.close() && inside[0] != null;
        step("end of limit" + (own ? " by its own" : inside[0] == null ? "" : " by an exception"));
        checkEnd(form, own, opened[0], inside[0], outside, value);
        if (outside != null) {
            throw outside;
        }
    }

    private RecurringTimeout recurring(Duration duration) {
        var made = new RecurringTimeout(duration);
        recurring.add(made);
        return made;
    }

    private static String within(Timeout timeout, Callable<String> body) throws Exception {
        try (timeout) {
            return body.call();
        } catch (Exception e) {
            var own = timeout.own(e); // closed already
            throw own == null ? e : own;
        }
    }

    private void checkEnd(
            int form,
            boolean own,
            Limit limit,
            @Nullable Exception inside,
            @Nullable Exception outside,
            @Nullable String value) {
        if (!own) {
            check(outside == inside, "%s came out as %s", inside, outside);
            check(inside != null || "value".equals(value), "%s came out for a value", value);
            return;
        }
        if (form == 1) {
            check(outside == null && "late".equals(value), "%s came out as %s", inside, outside);
            return;
        }
        var shown = form == 2 && outside != null ? outside.getCause() : outside;
        check(
                shown instanceof Timeout.Expired expired && expired.timeout() == limit.real,
                "%s came out as %s",
                inside,
                outside);
        check(shown == inside || shown.getCause() == inside, "%s is no cause", inside);
    }

    private void step(String name) {
        steps.add(name);
    }

    private void check(boolean holds, String message, Object... arguments) {
        if (!holds) {
            throw new AssertionError(message.formatted(arguments) + "\n" + this);
        }
    }
}
