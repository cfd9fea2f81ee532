package io.weft.queue;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.weft.Weft;

import org.junit.jupiter.api.Test;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** What comes out first of the queues that are not first in, first out. */
class QueueOrderTest {
    @Test
    void lifoGivesTheNewestFirst() throws Exception {
        var queue = new LifoQueue<Integer>();
        for (int i = 1; i <= 3; i++) {
            queue.put(i);
        }
        assertThat(queue.tryPeek()).isEqualTo(3);
        assertThat(drain(queue)).containsExactly(3, 2, 1);
    }

    @Test
    void priorityGivesTheLeastFirst() throws Exception {
        var queue = PriorityQueue.<Integer>natural();
        for (int i : new int[] {3, 1, 2}) {
            queue.put(i);
        }
        assertThat(queue.tryPeek()).isEqualTo(1);
        assertThat(drain(queue)).containsExactly(1, 2, 3);
    }

    @Test
    void equalPrioritiesKeepTheirOrder() throws Exception {
        var queue = new PriorityQueue<String>(Comparator.comparingInt(String::length));
        for (String item : List.of("bb", "a1", "c", "a2", "d", "a3")) {
            queue.put(item);
        }
        assertThat(drain(queue)).containsExactly("c", "d", "bb", "a1", "a2", "a3");
    }

    @Test
    void waitingPutterOfAFullQueueIsSortedInWhenItsTurnComes() throws Exception {
        var queue = PriorityQueue.<Integer>natural(1);
        Weft.run(
                () -> {
                    queue.put(5);
                    Weft.spawn(() -> queue.put(7));
                    Weft.spawn(() -> queue.put(6));
                    Weft.yieldNow();
                    assertThat(drain(queue)).containsExactly(5, 7, 6);
                });
    }

    @Test
    void boundedOnesBlockWhenFull() throws Exception {
        for (Queue<Integer> queue :
                List.of(
                        new LifoQueue<Integer>(2),
                        PriorityQueue.<Integer>natural(2),
                        new PriorityQueue<Integer>(2, Comparator.reverseOrder()),
                        new JoinableQueue<Integer>(2))) {
            assertThat(queue.capacity()).isEqualTo(2);
            assertThat(queue.tryPut(1)).isTrue();
            assertThat(queue.isFull()).isFalse();
            assertThat(queue.tryPut(2)).isTrue();
            assertThat(queue.isFull()).isTrue();
            assertThat(queue.tryPut(3)).isFalse();
        }
    }

    @Test
    void sizesBelowOneAreRefused() {
        assertThatThrownBy(() -> new LifoQueue<>(0)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> PriorityQueue.<Integer>natural(-5))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("-5");
        assertThatThrownBy(() -> new JoinableQueue<>(0))
                .isInstanceOf(IllegalArgumentException.class);
    }

    private static <E> List<E> drain(Queue<E> queue) {
        var items = new ArrayList<E>();
        for (E item; (item = queue.tryGet()) != null; ) {
            items.add(item);
        }
        return items;
    }
}
