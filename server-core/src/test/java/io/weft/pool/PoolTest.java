package io.weft.pool;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.weft.Coroutine;
import io.weft.Weft;

import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;

/** A pool runs so many at once and no more; who comes too late waits in line. */
class PoolTest {
    private static final Duration SHORT = Duration.ofMillis(5);
    private static final Duration LONG = Duration.ofSeconds(30);
    private static final Duration FOR_EVER = Duration.ofDays(1);

    private final List<String> events = new ArrayList<>();

    /** Sizes 2, 2, 1, as in the course notes. */
    @Test
    void mapRunsAsManyAtOnceAsThereArePlaces() throws Exception {
        Weft.run(
                () -> {
                    var pool = new Pool(2);
                    assertThat(pool.map(GroupTest.range(3), i -> pool.size()))
                            .containsExactly(2, 2, 1);
                    assertThat(pool.size()).isZero();
                });
    }

    /** Four runs of the same program give the same list. */
    @Test
    void theSameProgramGivesTheSameOrder() throws Exception {
        var runs = new ArrayList<List<Integer>>();
        for (int run = 0; run < 4; run++) {
            runs.add(
                    Weft.run(
                            () -> {
                                var order = new ArrayList<Integer>();
                                new Pool(10)
                                        .imapUnordered(
                                                GroupTest.range(10),
                                                i -> {
                                                    Weft.sleep(Duration.ofMillis(1));
                                                    return i;
                                                })
                                        .forEach(order::add);
                                return order;
                            }));
        }
        assertThat(runs).allMatch(runs.getFirst()::equals);
        assertThat(runs.getFirst()).isEqualTo(GroupTest.range(10));
    }

    @Test
    void spawnWaitsForAPlaceFirstComeFirstServed() throws Exception {
        Weft.run(
                () -> {
                    var pool = new Pool(1);
                    var go = new CountDownLatch(1);
                    pool.spawn(() -> go.await());
                    for (int i = 0; i < 5; i++) {
                        String name = "job " + i;
                        Weft.spawn(() -> pool.spawn(() -> events.add(name)));
                    }
                    Weft.yieldNow();
                    assertThat(pool.trySpawn(() -> events.add("never"))).isNull();
                    go.countDown();
                    while (events.size() < 5) {
                        Weft.yieldNow();
                    }
                    pool.join();
                });
        assertThat(events).containsExactly("job 0", "job 1", "job 2", "job 3", "job 4");
    }

    @Test
    void twinsThatDoNotWaitForEver() throws Exception {
        Weft.run(
                () -> {
                    var pool = new Pool(1);
                    var holder = pool.trySpawn(() -> sleep());
                    assertThat(holder).isNotNull();
                    assertThat(pool.isFull()).isTrue();
                    assertThat(pool.trySpawn(() -> "")).isNull();
                    assertThat(pool.spawn(() -> "", SHORT)).isNull();
                    var outsider = Weft.spawn(() -> sleep());
                    assertThat(pool.trySpawn(() -> {})).isNull();
                    assertThat(pool.spawn(() -> {}, SHORT)).isNull();
                    assertThat(pool.tryAdd(outsider)).isFalse();
                    assertThat(pool.add(outsider, SHORT)).isFalse();
                    assertThat(pool.waitAvailable(SHORT)).isFalse();
                    assertThat(pool.statistics().spawners()).isZero();
                    holder.kill();
                    assertThat(pool.waitAvailable(LONG)).isTrue();
                    assertThat(pool.freeCount()).isEqualTo(1);
                    assertThat(pool.tryAdd(outsider)).isTrue();
                    assertThat(pool.freeCount()).isZero();
                    pool.discard(outsider);
                    assertThat(pool.add(outsider, LONG)).isTrue();
                    assertThat(pool.contains(outsider)).isTrue();
                    pool.discard(outsider);
                    assertThat(pool.spawn(() -> {}, LONG).get()).isNull();
                    assertThat(pool.trySpawn(() -> {}).get()).isNull();
                    assertThat(pool.spawn(() -> "value", LONG).get()).isEqualTo("value");
                });
    }

    @Test
    void whoWaitsForAFreePlaceTakesNone() throws Exception {
        Weft.run(
                () -> {
                    var pool = new Pool(1);
                    var holder = pool.spawn(() -> sleep());
                    var onlooker = Weft.spawn(() -> pool.waitAvailable());
                    var another = Weft.spawn(() -> pool.waitAvailable());
                    Weft.yieldNow();
                    holder.kill();
                    onlooker.join();
                    another.join();
                    assertThat(pool.freeCount()).isEqualTo(1);
                });
    }

    @Test
    void whoGivesUpWaitingLosesNoPlace() throws Exception {
        Weft.run(
                () -> {
                    var pool = new Pool(1);
                    var holder = pool.spawn(() -> sleep());
                    var killed = Weft.spawn(() -> pool.spawn(() -> events.add("never")));
                    var patient = Weft.spawn(() -> pool.spawn(() -> events.add("patient")));
                    Weft.yieldNow();
                    killed.kill();
                    killed.join();
                    holder.kill();
                    patient.get().join();
                    assertThat(pool.freeCount()).isEqualTo(1);
                });
        assertThat(events).containsExactly("patient");
    }

    /** Woken with a place and killed at the same moment: the place is used or passed on. */
    @Test
    void aPlaceGivenToOneThatIsKilledIsNotLost() throws Exception {
        Weft.run(
                () -> {
                    var pool = new Pool(1);
                    var holder = pool.spawn(() -> sleep());
                    var waits = Weft.spawn(() -> pool.spawn(() -> events.add("started")));
                    Weft.yieldNow();
                    pool.discard(holder); // gives the place on
                    waits.kill();
                    waits.join();
                    pool.join();
                    assertThat(pool.freeCount()).isEqualTo(1);
                });
    }

    @Test
    void killReachesThoseWhoWaitForAPlace() throws Exception {
        Weft.run(
                () -> {
                    var pool = new Pool(1);
                    pool.spawn(() -> sleep());
                    var waits = Weft.spawn(() -> pool.spawn(() -> events.add("never")));
                    Weft.yieldNow();
                    pool.kill();
                    assertThat(waits.get().state()).isEqualTo(Coroutine.State.KILLED);
                    assertThat(pool.spawn(() -> "alive").get()).isEqualTo("alive");
                });
        assertThat(events).isEmpty();
    }

    /** The course notes' pool of sockets: a handler is refused at full size, shutdown kills. */
    @Test
    void addToAFullPoolWaits() throws Exception {
        Weft.run(
                () -> {
                    var pool = new Pool(10);
                    for (int i = 0; i < 10; i++) {
                        pool.add(Weft.spawn(() -> sleep()));
                    }
                    assertThat(pool.tryAdd(Weft.spawn(() -> sleep()))).isFalse();
                    var adds = Weft.spawn(() -> pool.add(Weft.spawn(() -> sleep())));
                    Weft.yieldNow();
                    assertThat(adds.isDone()).isFalse();
                    assertThat(pool.kill(LONG)).isTrue();
                    adds.join();
                    pool.join();
                    assertThat(pool.freeCount()).isEqualTo(10);
                });
    }

    @Test
    void refusesToHaveNoPlace() {
        assertThatThrownBy(() -> new Pool(0))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("1 place or more");
        assertThat(new Pool(3)).hasToString("Pool of 3 places, 3 of them free");
        assertThat(new Pool(3).capacity()).isEqualTo(3);
    }

    private static Object sleep() throws InterruptedException {
        Weft.sleep(FOR_EVER);
        return "";
    }

    /** As apply: waiting for a place could be waiting for oneself. */
    @Test
    void mapWithinAMemberOfAFullPoolRunsThere() throws Exception {
        Weft.run(
                () -> {
                    var pool = new Pool(1);
                    assertThat(pool.apply(() -> pool.map(List.of(1, 2, 3), n -> n * n)))
                            .isEqualTo(List.of(1, 4, 9));
                });
    }
}
