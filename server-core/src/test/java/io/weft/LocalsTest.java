package io.weft;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import org.junit.jupiter.api.Test;

import java.lang.ref.WeakReference;
import java.time.Duration;

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
                    assertThat(Coroutines.getAll(java.util.List.of(f1, f2))).containsExactly(1, 2);
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
