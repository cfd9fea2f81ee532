package io.weft.pool;

import static org.assertj.core.api.Assertions.assertThat;

import io.weft.Coroutine;
import io.weft.Coroutines;
import io.weft.LoopGroup;
import io.weft.Weft;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Random;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Whatever the interleaving of loops, threads, kills and timeouts: a pool never runs more than its
 * size at once, what was started ends once, and all places are free in the end. The seed is in the
 * name of the test that fails.
 */
class PoolRandomTest {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final int SPAWNERS = 12;
    private static final int SPAWNS = 60;

    private final AtomicInteger running = new AtomicInteger();
    private final AtomicInteger most = new AtomicInteger();

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
    void neverMoreThanItsSizeAtOnceAndNoPlaceIsLost(long seed) throws Exception {
        var dice = new Random(seed);
        int size = 1 + dice.nextInt(5);
        var members = new ConcurrentLinkedQueue<Coroutine<?>>();
        try (var loops = LoopGroup.create(3)) {
            var pool = dice.nextBoolean() ? new Pool(size) : Pool.over(loops, size);
            var spawners = new ArrayList<Coroutine<Integer>>();
            for (int i = 0; i < SPAWNERS; i++) {
                long own = dice.nextLong();
                spawners.add(loops.spawn(() -> spawnMany(pool, new Random(own), members)));
            }
            var thread = new Random(dice.nextLong());
            spawnMany(pool, thread, members); // a plain thread takes part
            for (var spawner : spawners) {
                if (dice.nextInt(4) == 0) {
                    spawner.kill();
                }
            }
            var all = new ArrayList<>(spawners);
            assertThat(Coroutines.joinAll(all, PATIENCE)).hasSize(SPAWNERS);
            assertThat(pool.join(PATIENCE)).isTrue();
            assertThat(members).allMatch(Coroutine::isDone);
            assertThat(pool.freeCount()).isEqualTo(size);
            assertThat(pool.statistics()).isEqualTo(new Group.Statistics(0, size, 0, 0));
        }
        assertThat(running).hasValue(0);
        assertThat(most.get()).isBetween(1, size);
    }

    private int spawnMany(Pool pool, Random dice, ConcurrentLinkedQueue<Coroutine<?>> members)
            throws Exception {
        int spawned = 0;
        for (int i = 0; i < SPAWNS; i++) {
            long own = dice.nextLong();
            Coroutine<Long> member =
                    switch (dice.nextInt(4)) {
                        case 0 -> pool.trySpawn(() -> work(own));
                        case 1 ->
                                pool.spawn(
                                        () -> work(own), Duration.ofNanos(dice.nextInt(200_000)));
                        default -> pool.spawn(() -> work(own));
                    };
            if (member == null) {
                continue;
            }
            spawned++;
            members.add(member);
            if (dice.nextInt(5) == 0) {
                member.kill();
            }
            if (dice.nextInt(10) == 0) {
                pool.waitAvailable(Duration.ofNanos(dice.nextInt(100_000)));
            }
        }
        return spawned;
    }

    private long work(long seed) throws InterruptedException {
        int now = running.incrementAndGet();
        most.accumulateAndGet(now, Math::max);
        try {
            if (seed % 3 == 0) {
                Weft.sleep(Duration.ofNanos(Math.floorMod(seed, 50_000)));
            }
            for (long i = Math.floorMod(seed, 4); i > 0; i--) {
                Weft.yieldNow();
            }
            return seed;
        } finally {
            running.decrementAndGet();
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {11, 12, 13, 14, 15, 16})
    void everyItemOfAMapComesOutOnce(long seed) throws Exception {
        var dice = new Random(seed);
        int size = 1 + dice.nextInt(6);
        int items = 500;
        boolean ordered = dice.nextBoolean();
        int buffered = dice.nextBoolean() ? 1 + dice.nextInt(8) : Integer.MAX_VALUE;
        int values = 0;
        int killed = 0;
        int failed = 0;
        var seen = new ArrayList<Integer>();
        try (var loops = LoopGroup.create(2)) {
            var pool = Pool.over(loops, size);
            Mapper<Integer, Integer> mapper =
                    i -> {
                        work(i * 31L + seed);
                        if (i % 10 == 3) {
                            throw new IllegalArgumentException("three");
                        }
                        return i;
                    };
            var input = GroupTest.range(items);
            var results =
                    ordered
                            ? pool.imap(input, mapper, buffered)
                            : pool.imapUnordered(input, mapper, buffered);
            while (results.hasNext()) {
                try {
                    seen.add(results.next());
                    values++;
                } catch (ExecutionException e) {
                    assertThat(e).hasRootCauseMessage("three");
                    failed++;
                } catch (CancellationException e) {
                    killed++;
                }
                var members = pool.members();
                if (!members.isEmpty() && dice.nextInt(20) == 0) {
                    members.get(dice.nextInt(members.size())).kill();
                }
            }
            assertThat(pool.join(PATIENCE)).isTrue();
            assertThat(pool.freeCount()).isEqualTo(size);
        }
        assertThat(values + failed + killed).isEqualTo(items);
        assertThat(seen).doesNotHaveDuplicates();
        if (ordered) {
            assertThat(seen).isSorted();
        }
        assertThat(most.get()).isBetween(1, size);
    }
}
