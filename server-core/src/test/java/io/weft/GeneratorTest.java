package io.weft;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.util.ArrayList;
import java.util.NoSuchElementException;

/** Body and consumer take turns, as Python's generators do. */
class GeneratorTest {
    private final GeneratorBodies bodies = new GeneratorBodies();

    /** The consumers c1 and c2 of the course notes, and their producer. */
    @Test
    void consumersGetWhatTheProducerSends() throws Exception {
        Weft.run(
                () -> {
                    try (var c1 = consumer("c1");
                            var c2 = consumer("c2")) {
                        c1.next();
                        c2.next();
                        for (int i = 1; i <= 2; i++) {
                            bodies.events.add("send " + i);
                            c1.send(i);
                            c2.send(i);
                        }
                    }
                });
        assertThat(bodies.events)
                .containsExactly(
                        "c1 is ready",
                        "c2 is ready",
                        "send 1",
                        "c1 got 1",
                        "c2 got 1",
                        "send 2",
                        "c1 got 2",
                        "c2 got 2");
    }

    private Generator<Integer, String> consumer(String name) {
        return new Generator<>(
                outside -> {
                    bodies.events.add(name + " is ready");
                    for (String state = "waits"; ; ) {
                        Integer bun = outside.yield(state);
                        bodies.events.add(name + " got " + bun);
                        state = "eats " + bun;
                    }
                });
    }

    /** The switch of greenlet: 12, 56, 34, 78. */
    @Test
    void switchesBackAndForth() throws Exception {
        Weft.run(
                () -> {
                    try (var second =
                            new Generator<String, String>(
                                    outside -> {
                                        bodies.events.add("56");
                                        outside.yield("");
                                        bodies.events.add("78");
                                    })) {
                        bodies.events.add("12");
                        second.next();
                        bodies.events.add("34");
                        assertThatThrownBy(second::next).isInstanceOf(Generator.Ended.class);
                    }
                });
        assertThat(bodies.events).containsExactly("12", "56", "34", "78");
    }

    @Test
    void theBodyDoesNotRunBeforeItIsAsked() throws Exception {
        Weft.run(
                () -> {
                    var generator = bodies.numbers(1);
                    Weft.yieldNow();
                    assertThat(bodies.events).isEmpty();
                    assertThat(generator.next()).isZero();
                    generator.close();
                });
        assertThat(bodies.events).containsExactly("begins", "ends");
    }

    @Test
    void iteratesOverWhatIsYielded() throws Exception {
        var seen = new ArrayList<Integer>();
        Weft.run(
                () -> {
                    for (int number : bodies.numbers(3)) {
                        seen.add(number);
                    }
                });
        assertThat(seen).containsExactly(0, 1, 2);
        assertThat(bodies.events).containsExactly("begins", "ends");
    }

    @Test
    void worksFromAPlainThread() throws Exception {
        try (var generator = bodies.numbers(2)) {
            assertThat(generator.next()).isZero();
            assertThat(generator.next()).isEqualTo(1);
            assertThatThrownBy(generator::next).isInstanceOf(Generator.Ended.class);
            assertThat(generator.hasEnded()).isTrue();
        }
    }

    @Test
    void theBodyRunsOnItsConsumersLoopAndMayBlock() throws Exception {
        Weft.run(
                () -> {
                    try (var generator =
                            new Generator<Void, Loop>(
                                    outside -> {
                                        Weft.sleep(Duration.ofMillis(1));
                                        outside.yield(Loop.current());
                                    })) {
                        assertThat(generator.next()).isSameAs(Loop.current());
                    }
                });
    }

    @Test
    void theReturnedValueComesWithTheEndOnce() throws Exception {
        Weft.run(
                () -> {
                    var generator =
                            Generator.<Void, Integer>returning(
                                    outside -> {
                                        outside.yield(1);
                                        return "result";
                                    });
                    assertThat(generator.next()).isEqualTo(1);
                    assertThatThrownBy(generator::next)
                            .isInstanceOf(NoSuchElementException.class)
                            .isInstanceOfSatisfying(
                                    Generator.Ended.class,
                                    end -> assertThat(end.value()).isEqualTo("result"));
                    assertThatThrownBy(generator::next)
                            .isInstanceOfSatisfying(
                                    Generator.Ended.class, end -> assertThat(end.value()).isNull());
                });
    }

    @Test
    void aValueCannotBeSentBeforeTheBeginning() throws Exception {
        Weft.run(
                () -> {
                    try (var generator = consumer("c1")) {
                        assertThatThrownBy(() -> generator.send(1))
                                .isInstanceOf(IllegalStateException.class)
                                .hasMessageContaining("call next() first");
                        assertThat(generator.send(null)).isEqualTo("waits");
                    }
                });
    }

    @Test
    void theBodyCannotResumeItself() throws Exception {
        Weft.run(
                () -> {
                    var self = new ArrayList<Generator<Void, Integer>>();
                    self.add(
                            new Generator<>(
                                    outside -> {
                                        assertThatThrownBy(() -> self.getFirst().next())
                                                .isInstanceOf(IllegalStateException.class)
                                                .hasMessageContaining("running already");
                                        assertThatThrownBy(() -> self.getFirst().close())
                                                .isInstanceOf(IllegalStateException.class);
                                        outside.yield(1);
                                    }));
                    assertThat(self.getFirst().next()).isEqualTo(1);
                    self.getFirst().close();
                });
    }

    @Test
    void onlyTheBodyItselfYields() throws Exception {
        Weft.run(
                () -> {
                    var generator =
                            new Generator<Void, Integer>(
                                    outside -> Weft.spawn(() -> refusesToYield(outside)).get());
                    assertThatThrownBy(generator::next).isInstanceOf(Generator.Ended.class);
                });
    }

    private static void refusesToYield(Generator.Yielder<Void, Integer> outside) {
        assertThatThrownBy(() -> outside.yield(1))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("only the generator's own body");
    }

    @Test
    void manyTurnsStayInOrder() throws Exception {
        Weft.run(
                () -> {
                    try (var echo =
                            new Generator<Integer, Integer>(
                                    outside -> {
                                        for (Integer in = -1; ; ) {
                                            in = outside.yield(in);
                                        }
                                    })) {
                        echo.next();
                        for (int i = 0; i < 100_000; i++) {
                            assertThat(echo.send(i)).isEqualTo(i);
                        }
                    }
                });
    }

    @Test
    void acrossLoopsAndThreadsTheTurnsAreTakenTheSame() throws Exception {
        try (var group = LoopGroup.create(2);
                var generator = bodies.numbers(2_000)) {
            var one = group.loops().get(0);
            var two = group.loops().get(1);
            for (int i = 0; i < 2_000; i += 2) {
                assertThat(one.call(() -> generator.next())).isEqualTo(i);
                assertThat(two.call(() -> generator.next())).isEqualTo(i + 1);
            }
            assertThatThrownBy(generator::next).isInstanceOf(Generator.Ended.class);
        }
    }
}
