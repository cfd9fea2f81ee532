package io.weft.notes;

import static io.weft.Weft.spawn;
import static io.weft.Weft.yieldNow;

import static org.assertj.core.api.Assertions.assertThat;

import io.weft.Coroutine;
import io.weft.VirtualTime;
import io.weft.queue.Queue;

import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** Sections on queues and on actors. */
class QueueNotesTest {
    private final Transcript out = new Transcript();

    @Test
    void threeWorkersShareNineTasks() throws Exception {
        VirtualTime.run(
                () -> {
                    var tasks = new Queue<Integer>();
                    for (int task = 1; task <= 9; task++) {
                        tasks.put(task);
                    }
                    var workers = new ArrayList<Coroutine<?>>();
                    for (String name : List.of("steve", "john", "nancy")) {
                        workers.add(
                                spawn(
                                        () -> {
                                            for (Integer task; (task = tasks.tryGet()) != null; ) {
                                                out.print("Worker " + name + " got task " + task);
                                                yieldNow();
                                            }
                                            out.print("Quitting time!");
                                        }));
                    }
                    for (var worker : workers) {
                        worker.join();
                    }
                });
        assertThat(out.lines())
                .containsExactly(
                        "Worker steve got task 1",
                        "Worker john got task 2",
                        "Worker nancy got task 3",
                        "Worker steve got task 4",
                        "Worker john got task 5",
                        "Worker nancy got task 6",
                        "Worker steve got task 7",
                        "Worker john got task 8",
                        "Worker nancy got task 9",
                        "Quitting time!",
                        "Quitting time!",
                        "Quitting time!");
    }

    @Test
    void aBossFillsABoundedQueueAndTheWorkersQuitWhenItStaysEmpty() throws Exception {
        var done = new ArrayList<Integer>();
        VirtualTime.run(
                () -> {
                    var tasks = new Queue<Integer>(3);
                    var all = new ArrayList<Coroutine<?>>();
                    all.add(
                            spawn(
                                    () -> {
                                        for (int task = 1; task < 20; task++) {
                                            tasks.put(task);
                                            assertThat(tasks.size()).isLessThanOrEqualTo(3);
                                        }
                                        out.print("Assigned all work");
                                    }));
                    for (String name : List.of("steve", "john", "bob")) {
                        all.add(
                                spawn(
                                        () -> {
                                            Integer task;
                                            while ((task = tasks.get(Duration.ofSeconds(1)))
                                                    != null) {
                                                done.add(task);
                                                yieldNow();
                                            }
                                            out.print(name + " quits");
                                        }));
                    }
                    for (var each : all) {
                        each.join();
                    }
                });
        assertThat(done).hasSize(19).doesNotHaveDuplicates().isSorted();
        assertThat(out.lines().getFirst()).isEqualTo("Assigned all work");
        assertThat(out.lines()).hasSize(4).contains("steve quits", "john quits", "bob quits");
    }

    /** The actor of the notes: an inbox, and a coroutine that receives from it. */
    private abstract static class Actor extends Coroutine<Void> {
        final Queue<String> inbox = new Queue<>();

        abstract void receive(String message) throws InterruptedException;

        @Override
        protected Void run() throws InterruptedException {
            for (String message : inbox) {
                receive(message);
            }
            return null;
        }
    }

    @Test
    void pingerAndPongerAlternateAfterAStart() throws Exception {
        VirtualTime.run(
                () -> {
                    var actors = new ArrayList<Actor>();
                    for (String says : List.of("ping", "pong")) {
                        actors.add(
                                new Actor() {
                                    @Override
                                    void receive(String message) throws InterruptedException {
                                        out.print(message);
                                        if (out.lines().size() == 7) {
                                            actors.forEach(actor -> actor.inbox.shutdown(true));
                                            return;
                                        }
                                        Actor other = actors.get(says.equals("ping") ? 1 : 0);
                                        other.inbox.put(says);
                                        yieldNow();
                                    }
                                });
                    }
                    actors.forEach(Coroutine::start);
                    actors.getFirst().inbox.put("start");
                    for (var actor : actors) {
                        actor.join();
                    }
                });
        assertThat(out.lines())
                .containsExactly("start", "ping", "pong", "ping", "pong", "ping", "pong");
    }
}
