package io.weft;

import static org.assertj.core.api.Assertions.assertThat;

import io.weft.testing.LogRecorder;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;

/** The heap against its model, a list that is sorted anew each time. */
class TimerHeapTest {
    private static final int OPERATIONS = 20_000;

    /** Loops live long: the numbers wrap round within the test. */
    private static final long START = Long.MAX_VALUE - 1_000;

    private final LoopGroup group = LoopGroup.create(1);
    private final TimerHeap heap = new TimerHeap();
    private final List<Note> fired = new ArrayList<>();

    @AfterEach
    void end() {
        group.close();
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5})
    void firesAsASortedListWould(long seed) {
        var random = new SplittableRandom(seed);
        var timers = new ArrayList<Note>();
        for (int i = 0; i < 500; i++) {
            timers.add(new Note());
        }
        var model = new ArrayList<Note>();
        long now = START;
        long sequence = 0;
        for (int i = 0; i < OPERATIONS; i++) {
            var timer = timers.get(random.nextInt(timers.size()));
            switch (random.nextInt(8)) {
                case 0 -> {
                    timer.cancel();
                    model.remove(timer);
                }
                case 1 -> {
                    now += random.nextInt(20);
                    assertThat(fireDue(now)).isEqualTo(takeDue(model, now));
                }
                default -> {
                    timer.schedule(now + random.nextInt(100) - 10);
                    timer.order = sequence++;
                    model.remove(timer);
                    model.add(timer);
                }
            }
            model.sort(Note.ORDER);
            assertSame(model);
        }
        heap.close();
        assertThat(fired).isEqualTo(model);
        assertThat(heap.isEmpty()).isTrue();
    }

    private void assertSame(List<Note> model) {
        assertThat(heap.size()).isEqualTo(model.size());
        assertThat(heap.isEmpty()).isEqualTo(model.isEmpty());
        if (!model.isEmpty()) {
            assertThat(heap.earliest()).isEqualTo(model.getFirst().deadline());
        }
    }

    private static List<Note> takeDue(List<Note> model, long now) {
        var due = new ArrayList<Note>();
        while (!model.isEmpty() && model.getFirst().deadline() - now <= 0) {
            due.add(model.removeFirst());
        }
        return due;
    }

    private List<Note> fireDue(long now) {
        fired.clear();
        heap.fireDue(now);
        var due = List.copyOf(fired);
        fired.clear();
        return due;
    }

    @Test
    void knowsWhetherOneIsDue() {
        var timer = new Note();
        assertThat(heap.isDue(10)).isFalse();
        timer.schedule(10);
        assertThat(heap.isDue(9)).isFalse();
        assertThat(heap.isDue(10)).isTrue();
        assertThat(timer.isScheduled()).isTrue();
        timer.cancel();
        timer.cancel();
        assertThat(heap.isDue(10)).isFalse();
        assertThat(timer.isScheduled()).isFalse();
    }

    @Test
    void firedOneMayBeSetAgainAndWaitsForTheNextTurn() {
        var eager =
                new Note() {
                    @Override
                    protected void fire() {
                        super.fire();
                        schedule(5);
                    }
                };
        eager.schedule(5);
        heap.fireDue(10);
        assertThat(fired).hasSize(1);
        heap.fireDue(10);
        assertThat(fired).hasSize(2);
    }

    /** Those whose loop has ended are on threads of the JDK's. */
    @Test
    void closedHeapFiresForEachOfThoseWhoSetATimerAtOnce() {
        heap.close();
        var second = new Note();
        var first =
                new Note() {
                    @Override
                    protected void fire() {
                        super.fire();
                        CompletableFuture.runAsync(() -> second.schedule(5)).join();
                    }
                };
        first.schedule(5);
        assertThat(fired).containsExactly(first, second);
        assertThat(first.isScheduled()).isFalse();
    }

    @Test
    void oneMayCancelAnotherThatIsDueTogether() {
        var victim = new Note();
        var bully =
                new Note() {
                    @Override
                    protected void fire() {
                        super.fire();
                        victim.cancel();
                    }
                };
        bully.schedule(5);
        victim.schedule(5);
        heap.fireDue(5);
        assertThat(fired).containsExactly(bully);
    }

    @Test
    void oneThatThrowsIsReportedAndTheOthersFire() {
        try (var log = LogRecorder.of(Timer.class)) {
            var broken =
                    new Note() {
                        @Override
                        protected void fire() {
                            throw new IllegalStateException("broken");
                        }
                    };
            var healthy = new Note();
            broken.schedule(1);
            healthy.schedule(2);
            heap.fireDue(2);
            assertThat(fired).containsExactly(healthy);
            assertThat(log.awaitMessages(1)).hasSize(1);
        }
    }

    @Test
    void closedHeapFiresAtOnceAndDropsWhatIsSetMeanwhile() {
        var stubborn =
                new Note() {
                    @Override
                    protected void fire() {
                        super.fire();
                        schedule(100);
                    }
                };
        stubborn.schedule(100);
        heap.close();
        assertThat(fired).hasSize(1);
        assertThat(heap.isEmpty()).isTrue();

        new Note().schedule(100);
        assertThat(fired).hasSize(2);
        assertThat(heap.isEmpty()).isTrue();
    }

    private class Note extends Timer {
        static final Comparator<Note> ORDER =
                Comparator.<Note>comparingLong(note -> note.deadline() - START)
                        .thenComparingLong(note -> note.order);

        long order;

        Note() {
            super(group.next(), heap);
        }

        @Override
        protected void fire() {
            fired.add(this);
        }
    }
}
