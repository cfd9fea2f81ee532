package io.weft.queue;

import static org.assertj.core.api.Assertions.assertThat;

import io.weft.Coroutine;
import io.weft.Weft;
import io.weft.testing.Crowd;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.Stream;

/**
 * Random commands to a queue and to a model of it, which is three lists: after each command the
 * same ones have put and got the same items, in the same order.
 */
class QueueModelTest {
    private static final int COMMANDS = 400;

    static Stream<Long> seeds() {
        return Crowd.seeds(40);
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void behavesAsItsModel(long seed) throws Exception {
        Weft.run(() -> new Run(new SplittableRandom(seed)).run());
    }

    /** An item of a priority; equal ones are told apart by their number. */
    private record Item(int priority, int number) implements Comparable<Item> {
        @Override
        public int compareTo(Item other) {
            return Integer.compare(priority, other.priority);
        }
    }

    private record Waiter(String name, @Nullable Item item, Coroutine<?> coroutine) {}

    private static final class Run {
        private final SplittableRandom random;
        private final Queue<Item> queue;
        private final List<String> log = new ArrayList<>();

        // the model
        private final int capacity;
        private final List<Item> items = new ArrayList<>();
        private final List<Waiter> getters = new ArrayList<>();
        private final List<Waiter> putters = new ArrayList<>();
        private final List<String> expected = new ArrayList<>();
        private int made;

        Run(SplittableRandom random) {
            this.random = random;
            int most = 1 + random.nextInt(4);
            queue =
                    switch (random.nextInt(6)) {
                        case 0 -> new Queue<>();
                        case 1 -> new Queue<>(most);
                        case 2 -> new JoinableQueue<>(most);
                        case 3 -> new LifoQueue<>(most);
                        case 4 -> PriorityQueue.natural(most);
                        default -> new Channel<>();
                    };
            capacity = queue.capacity();
        }

        void run() throws Exception {
            for (int i = 0; i < COMMANDS; i++) {
                switch (random.nextInt(10)) {
                    case 0, 1 -> put();
                    case 2, 3 -> get();
                    case 4 -> tryPut();
                    case 5 -> tryGet();
                    case 6 -> assertThat(queue.tryPeek()).isEqualTo(head());
                    case 7 -> kill(getters);
                    case 8 -> kill(putters);
                    default -> killAndServe();
                }
                Weft.yieldNow();
                Weft.yieldNow(); // for those whom the ones just started have served
                assertThat(log).isEqualTo(expected);
                assertThat(queue.statistics())
                        .isEqualTo(
                                new Queue.Statistics(
                                        items.size(), capacity, getters.size(), putters.size()));
            }
            while (!putters.isEmpty() || !items.isEmpty()) {
                tryGet();
            }
            getters.forEach(getter -> getter.coroutine.kill());
        }

        private void put() {
            var item = newItem();
            String name = "putter of " + item;
            var coroutine =
                    Weft.spawn(
                            () -> {
                                queue.put(item);
                                log.add(name);
                            });
            if (accepts(item)) {
                // its getter, if there is one, runs when it has put
                expected.add(expected.size() - (handedOver ? 1 : 0), name);
            } else {
                putters.add(new Waiter(name, item, coroutine));
            }
        }

        private void get() {
            String name = "getter " + made++;
            var coroutine = Weft.spawn(() -> log.add(name + " got " + queue.get()));
            Item item = take();
            if (item == null) {
                getters.add(new Waiter(name, null, coroutine));
            } else {
                // its putter, if there is one, runs when it has got
                expected.add(expected.size() - (madeRoom ? 1 : 0), name + " got " + item);
            }
        }

        private void tryPut() {
            var item = newItem();
            assertThat(queue.tryPut(item)).isEqualTo(accepts(item));
        }

        private void tryGet() {
            assertThat(queue.tryGet()).isEqualTo(take());
        }

        private void kill(List<Waiter> waiters) {
            if (!waiters.isEmpty()) {
                waiters.remove(random.nextInt(waiters.size())).coroutine.kill();
            }
        }

        /** In one go, so that the killed one, if it is the first, is both served and killed. */
        private void killAndServe() {
            if (!getters.isEmpty()) {
                Waiter killed = getters.get(random.nextInt(getters.size()));
                killed.coroutine.kill();
                tryPut();
                getters.remove(killed);
            } else if (!putters.isEmpty()) {
                Waiter killed = putters.get(random.nextInt(putters.size()));
                killed.coroutine.kill();
                tryGet();
                putters.remove(killed);
            }
        }

        private Item newItem() {
            return new Item(random.nextInt(3), made++);
        }

        // What the model does.

        private boolean handedOver;
        private boolean madeRoom;

        private boolean accepts(Item item) {
            handedOver = !getters.isEmpty();
            if (handedOver) {
                expected.add(getters.removeFirst().name + " got " + item);
                return true;
            }
            return items.size() < capacity && items.add(item);
        }

        private @Nullable Item take() {
            madeRoom = !putters.isEmpty();
            Item head = head();
            items.remove(head);
            if (madeRoom) {
                Waiter putter = putters.removeFirst();
                expected.add(putter.name);
                if (capacity > 0) {
                    items.add(putter.item);
                }
            }
            return head;
        }

        private @Nullable Item head() {
            if (items.isEmpty()) {
                return putters.isEmpty() ? null : putters.getFirst().item;
            }
            return switch (queue) {
                case LifoQueue<Item> _ -> items.getLast();
                case PriorityQueue<Item> _ -> items.stream().min(Item::compareTo).orElseThrow();
                default -> items.getFirst();
            };
        }
    }
}
