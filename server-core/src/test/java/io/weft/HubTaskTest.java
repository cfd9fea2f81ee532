package io.weft;

import static org.assertj.core.api.Assertions.assertThat;

import io.weft.testing.LogRecorder;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/** What coroutines leave for the hub is done on its next turn, in order, and once. */
class HubTaskTest {
    private final LoopGroup group = LoopGroup.create(1);
    private final Loop loop = group.next();
    private final List<String> done = new ArrayList<>(); // loop-confined

    @AfterEach
    void end() {
        group.close();
    }

    @Test
    void leftTwiceRunsOnce() throws Exception {
        var task = new Note("task");
        onLoop(
                () -> {
                    loop.onHub(task);
                    loop.onHub(task);
                    assertThat(done).isEmpty();
                    letHubRun();
                    assertThat(done).containsExactly("task on hub");
                });
    }

    @Test
    void mayBeLeftAgainOnceItHasRun() throws Exception {
        var task = new Note("task");
        onLoop(
                () -> {
                    loop.onHub(task);
                    letHubRun();
                    loop.onHub(task);
                    letHubRun();
                    assertThat(done).hasSize(2);
                });
    }

    @Test
    void runInTheirOrder() throws Exception {
        onLoop(
                () -> {
                    for (var name : List.of("a", "b", "c")) {
                        loop.onHub(new Note(name));
                    }
                    letHubRun();
                    assertThat(done).containsExactly("a on hub", "b on hub", "c on hub");
                });
    }

    @Test
    void mayLeaveOthersAndItselfAgain() throws Exception {
        var last = new Note("last");
        var twice =
                new Note("twice") {
                    @Override
                    protected void run() {
                        super.run();
                        if (done.size() < 2) {
                            loop.onHub(this);
                            loop.onHub(last);
                        }
                    }
                };
        onLoop(
                () -> {
                    loop.onHub(twice);
                    letHubRun();
                    assertThat(done).containsExactly("twice on hub", "twice on hub", "last on hub");
                });
    }

    @Test
    void thatThrowsIsReportedAndTheOthersRun() throws Exception {
        try (var log = LogRecorder.of(Loop.class)) {
            var broken =
                    new Note("broken") {
                        @Override
                        protected void run() {
                            throw new IllegalStateException("broken");
                        }
                    };
            onLoop(
                    () -> {
                        loop.onHub(broken);
                        loop.onHub(new Note("healthy"));
                        letHubRun();
                        assertThat(done).containsExactly("healthy on hub");
                    });
            assertThat(log.awaitMessages(1)).hasSize(1);
        }
    }

    /** Its owner ignores the first kill, so the second one comes when the hub has ended. */
    @Test
    void leftForAHubThatHasGoneRunsNevertheless() throws Exception {
        try (var _ = LogRecorder.of(Loop.class)) {
            var stubborn =
                    loop.spawn(
                            () -> {
                                try {
                                    Block.SLEEP.run();
                                } catch (InterruptedException e) {
                                    done.add("first kill");
                                }
                                try {
                                    return Block.SLEEP.call();
                                } finally {
                                    loop.onHub(new Note("task"));
                                }
                            });
            loop.call(() -> null);
            group.shutDown(Duration.ZERO);
            assertThat(group.awaitEnd(Duration.ofSeconds(30))).isTrue();
            stubborn.join();
            assertThat(done).containsExactly("first kill", "task elsewhere");
        }
    }

    private class Note extends HubTask {
        private final String name;

        Note(String name) {
            this.name = name;
        }

        @Override
        protected void run() {
            done.add(name + (loop.eventLoop().inEventLoop() ? " on hub" : " elsewhere"));
        }
    }

    /** Waits for a task behind all others. */
    private void letHubRun() throws Exception {
        var reached = new CompletableFuture<Void>();
        loop.onHub(
                new HubTask() {
                    @Override
                    protected void run() {
                        reached.complete(null);
                    }
                });
        reached.get();
    }

    private void onLoop(Action body) throws Exception {
        loop.call(Weft.asCallable(body));
    }
}
