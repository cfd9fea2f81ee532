package io.weft;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** A body that is left before its end still gets to clean up, once. */
class GeneratorCloseTest {
    private final GeneratorBodies bodies = new GeneratorBodies();

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
                                            bodies.events.add("closed");
                                            throw e;
                                        } finally {
                                            Weft.sleep(Duration.ofMillis(1));
                                            bodies.events.add("finally");
                                        }
                                    });
                    generator.next();
                    generator.close();
                    generator.close();
                    assertThat(generator.hasEnded()).isTrue();
                });
        assertThat(bodies.events).containsExactly("closed", "finally");
    }

    @Test
    void closeBeforeTheBeginningRunsNothing() throws Exception {
        Weft.run(
                () -> {
                    var generator = bodies.numbers(1);
                    generator.close();
                    assertThatThrownBy(generator::next).isInstanceOf(Generator.Ended.class);
                });
        assertThat(bodies.events).isEmpty();
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
    void aKilledConsumersTryBlockCloses() throws Exception {
        Weft.run(
                () -> {
                    var consumer =
                            Weft.spawn(
                                    () -> {
                                        try (var generator = bodies.numbers(5)) {
                                            generator.next();
                                            Block.SLEEP.run();
                                        }
                                    });
                    GeneratorBodies.comeToRest(consumer);
                    consumer.kill();
                    consumer.join();
                });
        assertThat(bodies.events).containsExactly("begins", "ends");
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
        var generator = bodies.numbers(5);
        group.next().call(() -> generator.next());
        group.close();
        Awaitility.await().until(generator::hasEnded);
        assertThat(bodies.events).containsExactly("begins", "ends");
    }
}
