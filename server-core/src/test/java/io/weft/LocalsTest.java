package io.weft;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.weft.pool.ThreadPool;

import org.junit.jupiter.api.Test;

import java.lang.ref.WeakReference;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * What gevent.local and spawn_tree_locals are for is there in the JDK: a coroutine is a thread, so
 * ThreadLocal is a local of the coroutine, InheritableThreadLocal one of a tree of spawns, and
 * ScopedValue one of a call.
 */
class LocalsTest {
    private static final ThreadLocal<Integer> X = new ThreadLocal<>();
    private static final ThreadLocal<Integer> Y = new ThreadLocal<>();
    private static final ThreadLocal<Object> OBJECT = new ThreadLocal<>();
    private static final InheritableThreadLocal<String> USER = new InheritableThreadLocal<>();
    private static final ScopedValue<String> SCOPED = ScopedValue.newInstance();

    @Test
    void aLocalIsSeenByNoOtherCoroutine() throws Exception {
        Weft.run(
                () -> {
                    var f1 =
                            Weft.spawn(
                                    () -> {
                                        X.set(1);
                                        Weft.yieldNow();
                                        return X.get();
                                    });
                    var f2 =
                            Weft.spawn(
                                    () -> {
                                        Y.set(2);
                                        Weft.yieldNow();
                                        assertThat(X.get()).isNull(); // x is not local to f2
                                        return Y.get();
                                    });
                    assertThat(Coroutines.getAll(List.of(f1, f2))).containsExactly(1, 2);
                    assertThat(X.get()).isNull();
                });
    }

    @Test
    void aLocalIsCollectedWithItsCoroutine() throws Exception {
        try (var group = LoopGroup.create(1)) {
            WeakReference<Object> value =
                    group.next()
                            .spawn(
                                    () -> {
                                        OBJECT.set(new Object());
                                        return new WeakReference<>(OBJECT.get());
                                    })
                            .get();
            await().atMost(Duration.ofSeconds(30))
                    .until(
                            () -> {
                                System.gc();
                                return value.get() == null;
                            });
        }
        assertThat(OBJECT.get()).isNull();
    }

    @Test
    void anInheritedLocalIsSeenByWhatTheCoroutineSpawns() throws Exception {
        Weft.run(
                () -> {
                    USER.set("ann");
                    var child =
                            Weft.spawn(
                                    () -> {
                                        String inherited = USER.get();
                                        USER.set("bob");
                                        return inherited + " " + Weft.spawn(() -> USER.get()).get();
                                    });
                    assertThat(child.get()).isEqualTo("ann bob");
                    assertThat(USER.get()).isEqualTo("ann");
                });
    }

    /** By whom it is made counts, not by whom it is started. */
    @Test
    void anInheritedLocalIsTheMakers() throws Exception {
        Weft.run(
                () -> {
                    USER.set("ann");
                    var made = new Coroutine<>(Loop.current(), null, USER::get);
                    var later = Weft.spawnLater(Duration.ofMillis(1), () -> USER.get());
                    USER.set("bob");
                    made.start();
                    assertThat(made.get()).isEqualTo("ann");
                    assertThat(later.get()).isEqualTo("ann");
                });
    }

    @Test
    void rawCoroutinesAndThreadsOfTheJdkInheritToo() throws Exception {
        Weft.run(
                () -> {
                    USER.set("ann");
                    var seen = new LinkedBlockingQueue<String>();
                    Weft.spawnRaw(() -> seen.add("raw " + USER.get()));
                    assertThat(seen.take()).isEqualTo("raw ann");
                    Thread.startVirtualThread(() -> seen.add("thread " + USER.get()));
                    assertThat(seen.take()).isEqualTo("thread ann");
                });
    }

    @Test
    void aGroupsLoopsInheritNothingOfItsMaker() throws Exception {
        var handedDown = new AtomicInteger();
        var counted =
                new InheritableThreadLocal<String>() {
                    @Override
                    protected String childValue(String own) {
                        handedDown.incrementAndGet();
                        return own;
                    }
                };
        counted.set("ann");
        Thread maker = Thread.currentThread();
        ClassLoader before = maker.getContextClassLoader();
        maker.setContextClassLoader(new ClassLoader(before) {});
        try (var group = LoopGroup.create(1)) {
            Loop loop = group.acceptor();
            assertThat(loop.eventLoop().submit(counted::get).get()).isNull();
            assertThat(
                            loop.eventLoop()
                                    .submit(() -> Thread.currentThread().getContextClassLoader())
                                    .get())
                    .isSameAs(ClassLoader.getSystemClassLoader());
        } finally {
            counted.remove();
            maker.setContextClassLoader(before);
        }
        assertThat(handedDown).hasValue(0);
    }

    @Test
    void detachedCoroutinesInheritNothing() throws Exception {
        Weft.run(
                () -> {
                    USER.set("ann");
                    Thread.currentThread().setContextClassLoader(new ClassLoader() {});
                    var detached = Loop.current().spawnDetached("detached", LocalsTest::seen);
                    assertThat(detached.get())
                            .isEqualTo(List.of("null", ClassLoader.getSystemClassLoader()));
                    assertThat(detached.name()).isEqualTo("detached");
                });
    }

    private static List<Object> seen() {
        return List.of(String.valueOf(USER.get()), Thread.currentThread().getContextClassLoader());
    }

    /** A coroutine that has ended calls no more links itself. */
    @Test
    void linksInheritNothingOfWhoAddsOrKills() throws Exception {
        Weft.run(
                () -> {
                    var seen = new LinkedBlockingQueue<String>();
                    var ended = Weft.spawn(() -> 1);
                    ended.join();
                    USER.set("ann");
                    ended.link(_ -> seen.add("ended " + USER.get()));
                    assertThat(seen.take()).isEqualTo("ended null");
                    var killed = Weft.spawn(() -> 1);
                    killed.link(_ -> seen.add("killed " + USER.get()));
                    killed.kill();
                    assertThat(seen.take()).isEqualTo("killed null");
                });
    }

    @Test
    void classesOfACoroutineAreItsMakers() throws Exception {
        Weft.run(
                () -> {
                    var classes = new ClassLoader() {};
                    Thread.currentThread().setContextClassLoader(classes);
                    Callable<ClassLoader> look =
                            () -> Thread.currentThread().getContextClassLoader();
                    assertThat(Weft.spawn(look).get()).isSameAs(classes);
                    assertThat(Weft.spawnLater(Duration.ZERO, look).get()).isSameAs(classes);
                    try (var pool = new ThreadPool(1)) {
                        assertThat(pool.apply(look)).isSameAs(classes);
                        Thread.currentThread().setContextClassLoader(null);
                        assertThat(pool.apply(look)).isNull();
                    }
                });
    }

    @Test
    void aScopedValueLastsAcrossSwitches() throws Exception {
        Weft.run(
                () -> {
                    var one = Weft.spawn(() -> scoped("one"));
                    var two = Weft.spawn(() -> scoped("two"));
                    assertThat(one.get()).isEqualTo("one");
                    assertThat(two.get()).isEqualTo("two");
                });
    }

    @Test
    void aScopedValueIsNotTakenAlongBySpawn() throws Exception {
        Weft.run(
                () ->
                        ScopedValue.where(SCOPED, "mine")
                                .run(
                                        () -> {
                                            var spawned = Weft.spawn(() -> SCOPED.isBound());
                                            assertThat(value(spawned)).isFalse();
                                            assertThat(SCOPED.get()).isEqualTo("mine");
                                        }));
    }

    private static <T> T value(Coroutine<T> coroutine) {
        try {
            return coroutine.get();
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }

    private static String scoped(String value) throws Exception {
        return ScopedValue.where(SCOPED, value)
                .call(
                        () -> {
                            Weft.yieldNow();
                            return SCOPED.get();
                        });
    }
}
