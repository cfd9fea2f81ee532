package io.weft.queue;

import static org.assertj.core.api.Assertions.assertThat;

import io.weft.Coroutine;
import io.weft.Timeout;
import io.weft.Weft;
import io.weft.testing.Crowd;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;

/**
 * Producers and consumers on several loops and threads, while some are interrupted and some run out
 * of time: what was put is got, once, and in the order of its producer.
 */
class QueueCrowdTest {
    private static final int ITEMS_EACH = 250;

    static Stream<Long> seeds() {
        return Crowd.seeds(24);
    }

    private record Item(int producer, int number) implements Comparable<Item> {
        @Override
        public int compareTo(Item other) {
            return Integer.compare(number, other.number);
        }
    }

    /** All that happens with one queue. Each list is written by one member, and read at the end. */
    private static final class Market {
        final Queue<Item> queue;
        final boolean patient;
        final List<List<Item>> put = new ArrayList<>();
        final List<List<Item>> got = new ArrayList<>();
        final AtomicInteger putCount = new AtomicInteger();
        final AtomicInteger gotCount = new AtomicInteger();
        final AtomicInteger producersEnded = new AtomicInteger();

        Market(SplittableRandom random) {
            int most = 1 + random.nextInt(5);
            queue =
                    switch (random.nextInt(7)) {
                        case 0 -> new Queue<>();
                        case 1, 2 -> new Queue<>(most);
                        case 3 -> new JoinableQueue<>(most);
                        case 4 -> new LifoQueue<>(most);
                        case 5 -> PriorityQueue.natural(most);
                        default -> new Channel<>();
                    };
            // without limits and interrupts a wake-up that is lost stops everything
            patient = random.nextInt(3) == 0;
        }

        void produce(SplittableRandom random, int producer, List<Item> own) throws Exception {
            for (int number = 0; number < ITEMS_EACH; number++) {
                var item = new Item(producer, number);
                try {
                    if (put(random, item)) {
                        own.add(item);
                        putCount.incrementAndGet();
                    }
                } catch (InterruptedException e) {
                    // not put
                } catch (QueueShutDownException e) {
                    break;
                }
            }
            producersEnded.incrementAndGet();
        }

        private boolean put(SplittableRandom random, Item item) throws Exception {
            var time = Duration.ofNanos(random.nextInt(200_000));
            Callable<Boolean> patiently =
                    () -> {
                        queue.put(item);
                        return true;
                    };
            return switch (patient ? 0 : random.nextInt(5)) {
                case 0, 1 -> patiently.call();
                case 2 -> queue.put(item, time);
                case 3 -> queue.tryPut(item);
                default -> within(time, false, patiently);
            };
        }

        void consume(SplittableRandom random, List<Item> own) throws Exception {
            while (true) {
                try {
                    Item item = get(random);
                    if (item != null) {
                        own.add(item);
                        gotCount.incrementAndGet();
                        if (queue instanceof JoinableQueue<Item> joinable) {
                            joinable.taskDone();
                        }
                    }
                } catch (InterruptedException e) {
                    // nothing got
                } catch (QueueShutDownException e) {
                    return;
                }
            }
        }

        private @Nullable Item get(SplittableRandom random) throws Exception {
            var time = Duration.ofNanos(random.nextInt(200_000));
            return switch (patient ? 0 : random.nextInt(7)) {
                case 0, 1 -> queue.get();
                case 2 -> queue.get(time);
                case 3 -> {
                    Weft.yieldNow();
                    yield queue.tryGet();
                }
                case 4 -> {
                    queue.peek(time);
                    yield null;
                }
                case 5 -> {
                    queue.tryPeek();
                    yield null;
                }
                default -> within(time, null, queue::get);
            };
        }

        private static <T extends @Nullable Object> T within(
                Duration time, T otherwise, Callable<T> call) throws Exception {
            return Coroutine.current() == null ? otherwise : Timeout.callOr(time, otherwise, call);
        }

        void assertConsistent() {
            var now = queue.statistics();
            assertThat(now.size()).as("%s", now).isLessThanOrEqualTo(now.capacity());
            assertThat(now.getters() == 0 || (now.size() == 0 && now.putters() == 0))
                    .as("who waits to get, waits for items: %s", now)
                    .isTrue();
            assertThat(now.putters() == 0 || now.size() == now.capacity())
                    .as("who waits to put, waits for room: %s", now)
                    .isTrue();
        }

        @Override
        public String toString() {
            return queue.statistics() + ", " + putCount + " put, " + gotCount + " got";
        }
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void whatIsPutIsGotOnceAndInOrder(long seed) throws Exception {
        var random = new SplittableRandom(seed);
        var market = new Market(random);
        int producers = 1 + random.nextInt(5);
        try (var crowd = new Crowd(random)) {
            open(market, crowd, random, producers);
            if (!market.patient) {
                crowd.harass(200, () -> market.producersEnded.get() == producers);
            }
            crowd.awaitThat(
                    "all is put and got",
                    () -> {
                        market.assertConsistent();
                        return market.producersEnded.get() == producers
                                && market.gotCount.get() == market.putCount.get();
                    },
                    market);
            if (market.queue instanceof JoinableQueue<Item> joinable) {
                joinable.join();
            }
            market.queue.shutdown(false);
            crowd.awaitAll(market);
        }
        assertThat(all(market.got)).doesNotHaveDuplicates();
        assertThat(new HashSet<>(all(market.got))).isEqualTo(new HashSet<>(all(market.put)));
        assertQuiet(market);
        if (!(market.queue instanceof LifoQueue)) {
            market.got.forEach(QueueCrowdTest::assertInOrderOfEachProducer);
        }
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void shutdownAmidEverythingLeavesNobodyWaiting(long seed) throws Exception {
        var random = new SplittableRandom(~seed);
        var market = new Market(random);
        int enough = random.nextInt(300);
        int producers = 1 + random.nextInt(5);
        boolean immediate = random.nextBoolean();
        try (var crowd = new Crowd(random)) {
            open(market, crowd, random, producers);
            crowd.awaitThat(
                    "enough is put",
                    () ->
                            market.putCount.get() >= enough
                                    || market.producersEnded.get() == producers,
                    market);
            market.queue.shutdown(immediate);
            crowd.awaitAll(market);
        }
        assertThat(all(market.got)).doesNotHaveDuplicates();
        if (immediate) {
            assertThat(new HashSet<>(all(market.put))).containsAll(all(market.got));
        } else {
            assertThat(new HashSet<>(all(market.got))).isEqualTo(new HashSet<>(all(market.put)));
        }
        assertQuiet(market);
    }

    private static void open(Market market, Crowd crowd, SplittableRandom random, int producers)
            throws InterruptedException {
        int consumers = 1 + random.nextInt(5);
        for (int i = 0; i < consumers; i++) {
            var own = random.split();
            var got = new ArrayList<Item>();
            market.got.add(got);
            crowd.join("consumer " + i, () -> market.consume(own, got));
        }
        for (int i = 0; i < producers; i++) {
            int number = i;
            var own = random.split();
            var put = new ArrayList<Item>();
            market.put.add(put);
            crowd.join("producer " + i, () -> market.produce(own, number, put));
        }
    }

    private static void assertQuiet(Market market) {
        assertThat(market.queue.statistics())
                .isEqualTo(new Queue.Statistics(0, market.queue.capacity(), 0, 0));
        if (market.queue instanceof JoinableQueue<Item> joinable) {
            assertThat(joinable.unfinished()).isZero();
        }
    }

    private static void assertInOrderOfEachProducer(List<Item> got) {
        var latest = new HashMap<Integer, Integer>();
        for (Item item : got) {
            Integer before = latest.put(item.producer, item.number);
            assertThat(before == null || before < item.number).as("%s in %s", item, got).isTrue();
        }
    }

    private static List<Item> all(List<List<Item>> lists) {
        return lists.stream().flatMap(List::stream).toList();
    }
}
