package io.weft.debug;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.weft.Coroutine;
import io.weft.Loop;
import io.weft.LoopGroup;
import io.weft.Weft;
import io.weft.testing.Threads;

import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.locks.LockSupport;

class DumpTest {
    @Test
    void everyCoroutineIsShownWithWhatItWaitsOn() throws Exception {
        try (var group = LoopGroup.create(2)) {
            var parent = group.loops().get(0).spawn("the parent", this::parent);
            var parker =
                    group.loops()
                            .get(1)
                            .spawn(
                                    "parker",
                                    () -> {
                                        while (true) {
                                            LockSupport.park("a \"quoted\" blocker");
                                            if (Thread.interrupted()) {
                                                throw Coroutine.interruption();
                                            }
                                        }
                                    });
            Threads.awaitParked(parent);
            Threads.awaitParked(parker);

            Dump dump = takeOfAll(group);

            CoroutineInfo one = find(dump, "the parent");
            assertThat(one.id()).isEqualTo(parent.id());
            assertThat(one.state()).isEqualTo(Coroutine.State.STARTED);
            assertThat(one.threadId()).isEqualTo(parent.thread().threadId());
            assertThat(one.age()).isPositive();
            assertThat(one.waitsOn()).contains("the child");
            assertThat(one.stack()).anyMatch(frame -> frame.getMethodName().equals("parent"));
            CoroutineInfo child = find(dump, "the child");
            assertThat(child.parentId()).isEqualTo(one.id());
            assertThat(child.waitsOn()).isEqualTo("sleep PT24H");
            assertThat(child.activity()).isIn(Thread.State.WAITING, Thread.State.TIMED_WAITING);

            assertThat(dump.text())
                    .contains(group.loops().get(0).name() + ": 2 coroutines")
                    .contains("'the parent' #" + one.threadId())
                    .contains("waits on sleep PT24H")
                    .contains("DumpTest.parent");
            assertThat(dump.tree().lines())
                    .anyMatch(line -> line.matches("(├─|└─) .*'the parent'.*"))
                    .anyMatch(line -> line.matches("[│ ] {2}└─ .*'the child'.*"));
            assertThat(dump.json())
                    .startsWith("{\"loops\":[")
                    .contains("\"name\":\"the child\",\"parent\":" + one.id())
                    .contains("\"waitsOn\":\"a \\\"quoted\\\" blocker\"");
        }
    }

    /** In which no loop is late: on a busy machine that may take another try. */
    private static Dump takeOfAll(LoopGroup group) {
        return await().until(
                        Dump::take, dump -> infos(dump, group).stream().noneMatch(LoopInfo::held));
    }

    private static List<LoopInfo> infos(Dump dump, LoopGroup group) {
        var names = group.loops().stream().map(Loop::name).toList();
        return dump.loops().stream().filter(loop -> names.contains(loop.name())).toList();
    }

    private String parent() throws Exception {
        var child =
                new Coroutine<>(
                        io.weft.Loop.current(),
                        "the child",
                        () -> {
                            Weft.sleep(Duration.ofDays(1));
                            return "";
                        });
        return child.start().get();
    }

    private static CoroutineInfo find(Dump dump, String name) {
        return dump.loops().stream()
                .flatMap(loop -> loop.coroutines().stream())
                .filter(one -> name.equals(one.name()))
                .findFirst()
                .orElseThrow(() -> new AssertionError(dump.text()));
    }

    @Test
    void aCoroutineMayDumpItsOwnLoop() throws Exception {
        Weft.run(
                () -> {
                    var waiter = Weft.spawn(() -> Weft.sleep(Duration.ofDays(1)));
                    Weft.yieldNow();
                    Dump dump = Dump.take();
                    assertThat(dump.text()).contains("coroutine-" + waiter.id() + " #");
                    waiter.kill();
                });
    }

    /** Two loops look at each other at the same time. */
    @Test
    void coroutinesOfTwoLoopsMayDumpAtOnce() throws Exception {
        try (var group = LoopGroup.create(2)) {
            await().untilAsserted(
                            () -> {
                                var one = group.loops().get(0).spawn("one", () -> Dump.take());
                                var other = group.loops().get(1).spawn("other", () -> Dump.take());
                                for (var dump : List.of(one.get(), other.get())) {
                                    assertThat(infos(dump, group))
                                            .hasSize(2)
                                            .noneMatch(LoopInfo::held);
                                }
                            });
        }
    }

    @Test
    void heldLoopIsShownWithTheCulpritsStack() throws Exception {
        try (var group = LoopGroup.create(1)) {
            var released = new CompletableFuture<String>();
            var begun = new CountDownLatch(1);
            var culprit = group.next().spawn("culprit", () -> hold(begun, released));
            begun.await();
            Dump dump = Dump.take();
            released.complete("");
            culprit.join();
            assertThat(dump.loops())
                    .filteredOn(loop -> loop.name().equals(group.loops().getFirst().name()))
                    .singleElement()
                    .satisfies(
                            loop -> {
                                assertThat(loop.held()).isTrue();
                                assertThat(loop.running())
                                        .anyMatch(frame -> frame.getMethodName().equals("hold"));
                            });
            assertThat(dump.text()).contains("held").contains("DumpTest.hold");
        }
    }

    private static String hold(CountDownLatch begun, CompletableFuture<String> released) {
        begun.countDown();
        while (!released.isDone()) {
            Thread.onSpinWait();
        }
        return "";
    }

    @Test
    void endedLoopsAreNotShown() throws Exception {
        String name;
        try (var group = LoopGroup.create(1)) {
            name = group.loops().getFirst().name();
            assertThat(Dump.take().text()).contains(name + ": ");
        }
        assertThat(Dump.take().text()).doesNotContain(name + ": ");
    }

    @Test
    void jsonStringsAreEscaped() {
        assertThat(DumpJson.string("a\"b\\c\n\t\r\u0001\ud800é"))
                .isEqualTo("\"a\\\"b\\\\c\\n\\t\\r\\u0001\\ud800é\"");
        assertThat(DumpJson.string(null)).isEqualTo("null");
    }
}
