package io.weft.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.weft.Action;
import io.weft.Coroutine;
import io.weft.Loop;
import io.weft.LoopGroup;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;

/**
 * Bodies that run at the same time, each in a coroutine of one of several loops or on a plain
 * thread, as chance will have it, and that can be interrupted at random. Used by one plain thread.
 */
public final class Crowd implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final int LOOPS = 3;

    private final RandomGenerator random;
    private final LoopGroup group = LoopGroup.create(LOOPS);
    private final List<Member> members = new ArrayList<>();
    private final Queue<Throwable> failures = new ConcurrentLinkedQueue<>();

    public Crowd(RandomGenerator random) {
        this.random = random;
    }

    /** Seeds to name tests by, so that the name of a failed one tells its seed. */
    public static Stream<Long> seeds(int count) {
        Long chosen = Long.getLong("weft.seed"); // to run one again
        return chosen != null
                ? Stream.of(chosen)
                : Stream.iterate(1L, seed -> seed + 1).limit(count);
    }

    /** Starts one more, and returns when it has begun: from then on it can be interrupted. */
    public Member join(String name, Action body) throws InterruptedException {
        var begun = new CountDownLatch(1);
        Action whole =
                () -> {
                    begun.countDown();
                    try {
                        body.run();
                    } catch (Throwable e) {
                        failures.add(new AssertionError(name + " failed", e));
                    }
                };
        int place = random.nextInt(LOOPS + 1);
        var member =
                place < LOOPS
                        ? new Member(group.loops().get(place), name, whole)
                        : new Member(name, whole);
        members.add(member);
        begun.await();
        return member;
    }

    /** Interrupts one after another until {@code over}, or so many times. */
    public void harass(int times, BooleanSupplier over) {
        for (int i = 0; i < times && !over.getAsBoolean(); i++) {
            members.get(random.nextInt(members.size())).interrupt();
            LockSupport.parkNanos(random.nextInt(50_000));
        }
    }

    /** Returns when it holds; fails, with what {@code state} says, if it does not come to that. */
    public void awaitThat(String what, BooleanSupplier holds, Object state) {
        await().atMost(PATIENCE)
                .pollInSameThread()
                .pollDelay(Duration.ZERO)
                .pollInterval(Duration.ofMillis(1))
                .failFast("a member failed", () -> assertThat(failures).isEmpty())
                .alias(what + ", but " + state)
                .until(holds::getAsBoolean);
    }

    /** Waits until all have ended, and fails with what they failed with. */
    public void awaitAll(Object state) throws InterruptedException {
        for (Member member : members) {
            assertThat(member.awaitEnd(PATIENCE))
                    .as("%s ends; %s; %s", member.name, state, failures)
                    .isTrue();
        }
        assertThat(failures).isEmpty();
    }

    @Override
    public void close() {
        members.forEach(Member::interrupt);
        group.shutDown(Duration.ZERO); // those that failed to end shall not hold up the rest
    }

    /** One of the crowd. */
    public static final class Member {
        private final String name;
        private final Thread thread;
        private final Coroutine<?> coroutine;

        private Member(Loop loop, String name, Action body) {
            this.name = name;
            this.thread = null;
            this.coroutine =
                    loop.spawn(
                            name,
                            () -> {
                                body.run();
                                return null;
                            });
        }

        private Member(String name, Action body) {
            this.name = name;
            this.coroutine = null;
            this.thread =
                    Thread.ofPlatform()
                            .name(name)
                            .daemon()
                            .start(
                                    () -> {
                                        try {
                                            body.run();
                                        } catch (Exception e) {
                                            throw new AssertionError(e); // the body catches all
                                        }
                                    });
        }

        /** Kills the coroutine, or interrupts the thread: its blocking call throws, once. */
        public void interrupt() {
            if (coroutine != null) {
                coroutine.kill();
            } else {
                thread.interrupt();
            }
        }

        private boolean awaitEnd(Duration patience) throws InterruptedException {
            return coroutine != null ? coroutine.join(patience) : thread.join(patience);
        }
    }
}
