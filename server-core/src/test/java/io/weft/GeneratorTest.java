package io.weft;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;

/** Body and consumer take turns, as Python's generators do. */
class GeneratorTest {
    private final List<String> events = new ArrayList<>();

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
                            events.add("send " + i);
                            c1.send(i);
                            c2.send(i);
                        }
                    }
                });
        assertThat(events)
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
                    events.add(name + " is ready");
                    for (String state = "waits"; ; ) {
                        Integer bun = outside.yield(state);
                        events.add(name + " got " + bun);
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
                                        events.add("56");
                                        outside.yield("");
                                        events.add("78");
                                    })) {
                        events.add("12");
                        second.next();
                        events.add("34");
                        assertThatThrownBy(second::next).isInstanceOf(Generator.Ended.class);
                    }
                });
        assertThat(events).containsExactly("12", "56", "34", "78");
    }

    @Test
    void theBodyDoesNotRunBeforeItIsAsked() throws Exception {
        Weft.run(
                () -> {
                    var generator = numbers(1);
                    Weft.yieldNow();
                    assertThat(events).isEmpty();
                    assertThat(generator.next()).isZero();
                    generator.close();
                });
        assertThat(events).containsExactly("begins", "ends");
    }

    @Test
    void iteratesOverWhatIsYielded() throws Exception {
        var seen = new ArrayList<Integer>();
        Weft.run(
                () -> {
                    for (int number : numbers(3)) {
                        seen.add(number);
                    }
                });
        assertThat(seen).containsExactly(0, 1, 2);
        assertThat(events).containsExactly("begins", "ends");
    }

    @Test
    void worksFromAPlainThread() throws Exception {
        try (var generator = numbers(2)) {
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
    void whatTheBodyThrowsComesOutAndEndsIt() throws Exception {
        Weft.run(
                () -> {
                    var generator =
                            new Generator<Void, Integer>(
                                    outside -> {
                                        throw new IOException("broken");
                                    });
                    assertThatThrownBy(generator::next)
                            .isInstanceOf(ExecutionException.class)
                            .hasCauseInstanceOf(IOException.class)
                            .hasRootCauseMessage("broken");
                    assertThatThrownBy(generator::next).isInstanceOf(Generator.Ended.class);
                    var iterated =
                            new Generator<Void, Integer>(
                                    outside -> {
                                        throw new IOException("broken");
                                    });
                    assertThatThrownBy(() -> iterated.iterator().hasNext())
                            .isInstanceOf(CompletionException.class)
                            .hasCauseInstanceOf(IOException.class);
                });
    }

    @Test
    void whatIsThrownInCanBeCaughtByTheBody() throws Exception {
        Weft.run(
                () -> {
                    try (var generator =
                            new Generator<Void, String>(
                                    outside -> {
                                        for (String say = "hello"; ; ) {
                                            try {
                                                outside.yield(say);
                                            } catch (IOException e) {
                                                say = "caught " + e.getMessage();
                                            }
                                        }
                                    })) {
                        assertThat(generator.next()).isEqualTo("hello");
                        assertThat(generator.throwInto(new IOException("one")))
                                .isEqualTo("caught one");
                        var uncaught = new IllegalStateException("two");
                        assertThatThrownBy(() -> generator.throwInto(uncaught))
                                .isInstanceOf(ExecutionException.class)
                                .hasCause(uncaught);
                        assertThat(generator.hasEnded()).isTrue();
                    }
                });
    }

    @Test
    void whatIsThrownIntoOneThatHasNotBegunOrHasEndedComesBack() throws Exception {
        Weft.run(
                () -> {
                    var generator = numbers(1);
                    var exception = new IOException("early");
                    for (int i = 0; i < 2; i++) {
                        assertThatThrownBy(() -> generator.throwInto(exception))
                                .isInstanceOf(ExecutionException.class)
                                .hasCause(exception);
                    }
                    assertThatThrownBy(generator::next).isInstanceOf(Generator.Ended.class);
                    assertThat(events).isEmpty();
                });
    }

    @Test
    void closeRunsTheFinallyBlocksWhichMayBlock() throws Exception {
        Weft.run(
                () -> {
                    var generator =
                            new Generator<Void, Integer>(
                                    outside -> {
                                        try {
                                            outside.yield(1);
                                        } catch (Generator.Closed e) {
                                            events.add("closed");
                                            throw e;
                                        } finally {
                                            Weft.sleep(Duration.ofMillis(1));
                                            events.add("finally");
                                        }
                                    });
                    generator.next();
                    generator.close();
                    generator.close();
                    assertThat(generator.hasEnded()).isTrue();
                });
        assertThat(events).containsExactly("closed", "finally");
    }

    @Test
    void closeBeforeTheBeginningRunsNothing() throws Exception {
        Weft.run(
                () -> {
                    var generator = numbers(1);
                    generator.close();
                    assertThatThrownBy(generator::next).isInstanceOf(Generator.Ended.class);
                });
        assertThat(events).isEmpty();
    }

    @Test
    void aBodyThatYieldsInsteadOfEndingIsAnError() throws Exception {
        Weft.run(
                () -> {
                    var generator =
                            new Generator<Void, Integer>(
                                    outside -> {
                                        try {
                                            outside.yield(1);
                                        } catch (Generator.Closed e) {
                                            outside.yield(2);
                                        }
                                    });
                    generator.next();
                    assertThatThrownBy(generator::close)
                            .isInstanceOf(IllegalStateException.class)
                            .hasMessageContaining("yielded 2");
                    generator.close();
                });
    }

    @Test
    void whatTheBodyThrowsOnCloseComesOut() throws Exception {
        Weft.run(
                () -> {
                    var generator =
                            new Generator<Void, Integer>(
                                    outside -> {
                                        try {
                                            outside.yield(1);
                                        } catch (Generator.Closed e) {
                                            throw new IOException("on close");
                                        }
                                    });
                    generator.next();
                    assertThatThrownBy(generator::close)
                            .isInstanceOf(CompletionException.class)
                            .hasRootCauseMessage("on close");
                });
    }

    @Test
    void aKilledConsumerEndsTheBodyThatItWaitsFor() throws Exception {
        Weft.run(
                () -> {
                    var generator = blocked();
                    var consumer = Weft.spawn(() -> generator.next());
                    Weft.yieldNow();
                    Weft.yieldNow();
                    consumer.kill();
                    consumer.join();
                    assertThat(consumer.state()).isEqualTo(Coroutine.State.KILLED);
                    assertThat(generator.hasEnded()).isTrue();
                    assertThatThrownBy(generator::next).isInstanceOf(Generator.Ended.class);
                });
        assertThat(events).containsExactly("finally");
    }

    @Test
    void aTimeoutOfTheConsumerGoesThroughTheBody() throws Exception {
        Weft.run(
                () -> {
                    var generator = blocked();
                    assertThatThrownBy(
                                    () ->
                                            Timeout.call(
                                                    Duration.ofMillis(2), () -> generator.next()))
                            .isInstanceOf(Timeout.Expired.class);
                    assertThat(generator.hasEnded()).isTrue();
                });
        assertThat(events).containsExactly("finally");
    }

    @Test
    void aKilledConsumersTryBlockCloses() throws Exception {
        Weft.run(
                () -> {
                    var consumer =
                            Weft.spawn(
                                    () -> {
                                        try (var generator = numbers(5)) {
                                            generator.next();
                                            Block.SLEEP.run();
                                        }
                                    });
                    comeToRest(consumer);
                    consumer.kill();
                    consumer.join();
                });
        assertThat(events).containsExactly("begins", "ends");
    }

    @Test
    void oneThatIsForgottenIsClosedByTheCollector() throws Exception {
        var ended = new CountDownLatch(1);
        try (var group = LoopGroup.create(1)) {
            var loop = group.next();
            loop.call(() -> forgotten(ended).next());
            Awaitility.await()
                    .atMost(Duration.ofSeconds(30))
                    .until(
                            () -> {
                                System.gc();
                                return ended.await(10, TimeUnit.MILLISECONDS);
                            });
        }
    }

    private static Generator<Void, Integer> forgotten(CountDownLatch ended) {
        return new Generator<>(
                outside -> {
                    try {
                        outside.yield(1);
                    } finally {
                        ended.countDown();
                    }
                });
    }

    @Test
    void endsWithItsLoop() throws Exception {
        var group = LoopGroup.create(1);
        var generator = numbers(5);
        group.next().call(() -> generator.next());
        group.close();
        Awaitility.await().until(generator::hasEnded);
        assertThat(events).containsExactly("begins", "ends");
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
    void iterationThatIsKilledSaysSo() throws Exception {
        Weft.run(
                () -> {
                    var generator = blocked();
                    var consumer = Weft.spawn(() -> generator.iterator().hasNext());
                    comeToRest(consumer);
                    consumer.kill();
                    consumer.join();
                    assertThat(consumer.state()).isEqualTo(Coroutine.State.KILLED);
                    assertThat(consumer.exception()).isInstanceOf(CancellationException.class);
                });
    }

    @Test
    void acrossLoopsAndThreadsTheTurnsAreTakenTheSame() throws Exception {
        try (var group = LoopGroup.create(2);
                var generator = numbers(2_000)) {
            var one = group.loops().get(0);
            var two = group.loops().get(1);
            for (int i = 0; i < 2_000; i += 2) {
                assertThat(one.call(() -> generator.next())).isEqualTo(i);
                assertThat(two.call(() -> generator.next())).isEqualTo(i + 1);
            }
            assertThatThrownBy(generator::next).isInstanceOf(Generator.Ended.class);
        }
    }

    private static void comeToRest(Coroutine<?> coroutine) throws InterruptedException {
        for (int i = 0; i < 5; i++) {
            Weft.yieldNow();
        }
        assertThat(coroutine.thread().getState()).isEqualTo(Thread.State.WAITING);
    }

    private Generator<Void, Integer> numbers(int count) {
        return new Generator<>(
                outside -> {
                    events.add("begins");
                    try {
                        for (int i = 0; i < count; i++) {
                            outside.yield(i);
                        }
                    } finally {
                        events.add("ends");
                    }
                });
    }

    private Generator<Void, Integer> blocked() {
        return new Generator<>(
                outside -> {
                    try {
                        Block.SLEEP.run();
                    } finally {
                        events.add("finally");
                    }
                });
    }
}
