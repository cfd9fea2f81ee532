package io.weft.notes;

import static io.weft.Weft.sleep;
import static io.weft.Weft.spawn;
import static io.weft.Weft.yieldNow;

import static org.assertj.core.api.Assertions.assertThat;

import io.weft.Coroutine;
import io.weft.VirtualTime;
import io.weft.sync.AsyncResult;
import io.weft.sync.BoundedSemaphore;
import io.weft.sync.Event;

import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Sections on events, asynchronous results, semaphores and locals. */
class SynchronisationNotesTest {
    private final Transcript out = new Transcript();

    @Test
    void anEventWakesAllThreeWaiters() throws Exception {
        VirtualTime.run(
                () -> {
                    var event = new Event();
                    var all = new ArrayList<Coroutine<?>>();
                    all.add(
                            spawn(
                                    () -> {
                                        out.print("A: Hey wait for me, I have to do something");
                                        sleep(Duration.ofSeconds(3));
                                        out.print("Ok, I'm done");
                                        event.set();
                                    }));
                    for (int i = 0; i < 3; i++) {
                        all.add(
                                spawn(
                                        () -> {
                                            out.print("I'll wait for you");
                                            event.await();
                                            out.print("It's about time");
                                        }));
                    }
                    for (var each : all) {
                        each.join();
                    }
                });
        assertThat(out.lines())
                .containsExactly(
                        "A: Hey wait for me, I have to do something",
                        "I'll wait for you",
                        "I'll wait for you",
                        "I'll wait for you",
                        "Ok, I'm done",
                        "It's about time",
                        "It's about time",
                        "It's about time");
    }

    @Test
    void anAsyncResultCarriesAValue() throws Exception {
        VirtualTime.run(
                () -> {
                    var result = new AsyncResult<String>();
                    spawn(
                            () -> {
                                sleep(Duration.ofSeconds(3));
                                result.set("Hello!");
                            });
                    out.print(result.get());
                });
        assertThat(out.lines()).containsExactly("Hello!");
    }

    @Test
    void aBoundedSemaphoreOfTwoLetsTwoWorkersIn() throws Exception {
        VirtualTime.run(
                () -> {
                    var semaphore = new BoundedSemaphore(2);
                    var all = new ArrayList<Coroutine<?>>();
                    for (int i = 0; i < 2; i++) {
                        int worker = i;
                        all.add(
                                spawn(
                                        () -> {
                                            semaphore.acquire();
                                            out.print("Worker " + worker + " acquired semaphore");
                                            yieldNow();
                                            semaphore.release();
                                            out.print("Worker " + worker + " released semaphore");
                                        }));
                    }
                    for (var each : all) {
                        each.join();
                    }
                });
        assertThat(out.lines())
                .containsExactly(
                        "Worker 0 acquired semaphore",
                        "Worker 1 acquired semaphore",
                        "Worker 0 released semaphore",
                        "Worker 1 released semaphore");
    }

    @Test
    void aLocalIsSeenByItsOwnCoroutineOnly() throws Exception {
        var stash = ThreadLocal.<Map<String, Integer>>withInitial(HashMap::new);
        VirtualTime.run(
                () -> {
                    var f1 =
                            spawn(
                                    () -> {
                                        stash.get().put("x", 1);
                                        yieldNow();
                                        out.print("x=" + stash.get().get("x"));
                                    });
                    var f2 =
                            spawn(
                                    () -> {
                                        stash.get().put("y", 2);
                                        out.print("y=" + stash.get().get("y"));
                                        if (!stash.get().containsKey("x")) {
                                            out.print("x is not local to f2");
                                        }
                                    });
                    for (var each : List.of(f1, f2)) {
                        each.join();
                    }
                });
        assertThat(out.lines()).containsExactly("y=2", "x is not local to f2", "x=1");
    }
}
